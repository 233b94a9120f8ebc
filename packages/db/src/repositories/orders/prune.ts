import { ask, type Db } from '../../client.ts'
import { pruneEvents } from '../../outbox.ts'
import { ordersOutbox } from '../../schema/orders.ts'

const KEEP_KEYS_HOURS = 48

/** A sweep deletes so many at most, so that it ends in time after a long pause. */
const PRUNE_BATCH = 1_000

const PRUNE_KEYS = `
  delete from orders.idempotency_keys where (scope, key) in (
    select scope, key from orders.idempotency_keys where created_at < $1 order by created_at limit ${PRUNE_BATCH})
  returning key`

/** Deletes what has outlived its use: keys after two days, confirmed events of the outbox after a week. */
export async function pruneOrders(db: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - KEEP_KEYS_HOURS * 3_600_000)
  const [keys, events] = await Promise.all([
    ask(db, { text: PRUNE_KEYS, values: [before.toISOString()] }),
    pruneEvents(db, ordersOutbox, now),
  ])
  return keys.length + events
}
