import type { Db } from '@shop/db/client'
import {
  attachSubject,
  type ClaimedKey,
  dropClaim,
  type IdempotencyKeysTable,
  type KeyClaim,
  keyClaims,
  pruneKeys,
} from '@shop/db/idempotency-keys'
import { idempotencyKeys } from '@shop/db/schema/orders'
import { type SQL, sql } from 'drizzle-orm'
import type { Order } from '../domain/order.ts'
import { ORDER_JSON, type OrderJson, toOrder } from './rows.ts'

export type { KeyClaim } from '@shop/db/idempotency-keys'
export type OrderKeyRepository = ReturnType<typeof orderKeyRepository>

const table: IdempotencyKeysTable = idempotencyKeys
const claimKey = keyClaims<OrderJson>(table, sql`select ${ORDER_JSON} from orders.orders o where o.id = known.subject`)

/** Idempotency keys of orders, with the order that a key led to. */
export const orderKeyRepository = (db: Db) => ({
  async claim(claim: KeyClaim, times: { now: Date; claimedUntil: Date }): Promise<ClaimedKey<Order>> {
    const claimed = await claimKey(db, claim, times)
    return claimed.kind === 'known' ? { ...claimed, subject: toOrder({ order: claimed.subject }) } : claimed
  },
  drop: (claim: KeyClaim) => dropClaim(db, table, claim),
  prune: (now: Date) => pruneKeys(db, table, now),
})

/** Statement part: attaches order `id` to the key, and returns a row if this attempt still has the claim. */
export const attachOrder = (id: SQL): SQL =>
  attachSubject(
    table,
    {
      scope: sql`${sql.placeholder('scope')}`,
      key: sql`${sql.placeholder('key')}`,
      claim: sql`${sql.placeholder('claim')}`,
    },
    { subject: id },
  )
