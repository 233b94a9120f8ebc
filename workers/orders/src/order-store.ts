import { type Db, pingDatabase } from '@shop/db'
import * as store from '@shop/db/repositories/orders/index'
import type { OrderStore } from './ports.ts'

/** What the operations need of the database, by a connection as the service's own role. */
export function orderStore(db: Db): OrderStore {
  return {
    find: (id) => store.findOrder(db, id),
    findWithEvents: (id) => store.findOrderWithEvents(db, id),
    list: (query) => store.listOrders(db, query),
    claimKey: (claim, times) => store.claimKey(db, claim, times),
    dropClaim: (claim) => store.dropClaim(db, claim),
    insert: (placed, claim) => store.insertOrder(db, placed, claim),
    saveChange: (change) => store.saveChange(db, change),
    saveCaptured: (payment, now) => store.saveCaptured(db, payment, now),
    expire: (options) => store.expireOrders(db, options),
    listUnsold: (options) => store.listUnsold(db, options),
    listDecided: (options) => store.listDecided(db, options),
    claimCancelled: (options) => store.claimCancelled(db, options),
    claimShipped: (options) => store.claimShipped(db, options),
    confirm: (eventId, now) => store.confirmAnnounced(db, eventId, now),
    prune: (now) => store.pruneOrders(db, now),
    ping: () => pingDatabase(db),
  }
}
