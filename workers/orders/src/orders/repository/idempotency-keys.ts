import { askAll, type Db } from '@shop/db/client'
import {
  attachSubject,
  type ClaimedKey,
  dropClaim,
  type IdempotencyKeysTable,
  type KeyClaim,
  keyClaimStatements,
  pruneKeys,
} from '@shop/db/idempotency-keys'
import { idempotencyKeys } from '@shop/db/schema/orders'
import { statement } from '@shop/db/statement'
import { type SQL, sql } from 'drizzle-orm'
import type { BuyerCounter, CounterState } from '../../buyers/domain/caps.ts'
import { readCounters } from '../../buyers/repository.ts'
import type { PricingRules, RulesQuery } from '../../pricing/domain/purchase.ts'
import { rulesStatements } from '../../pricing/repository.ts'
import type { Order } from '../domain/order.ts'
import { ORDER_JSON, type OrderJson, toOrder } from './rows.ts'

export type { KeyClaim } from '@shop/db/idempotency-keys'
export type OrderKeyRepository = ReturnType<typeof orderKeyRepository>

const table: IdempotencyKeysTable = idempotencyKeys
const claims = keyClaimStatements<OrderJson>(
  table,
  sql`select ${ORDER_JSON} from orders.orders o where o.id = known.subject`,
)

const nextNumber = statement(() => sql`select nextval('orders.order_numbers')::int8 as number`)

/** Idempotency keys of orders, with the order that a key led to. */
export const orderKeyRepository = (db: Db) => ({
  /**
   * Claims a key, where there is one, and reads what its buyer's counters count, what decides about prices, and the number of
   * the next order: one round trip.
   */
  async begin(
    claim: KeyClaim | undefined,
    { counters, query, ...times }: { now: Date; claimedUntil: Date; counters: BuyerCounter[]; query: RulesQuery },
  ): Promise<{ key: ClaimedKey<Order> | undefined; states: CounterState[]; rules: PricingRules; number: number }> {
    const keyed = claim === undefined ? [] : [claims.insert(claim, times), claims.read(claim)]
    const counted = counters.length === 0 ? [] : [readCounters(counters)]
    const rows = await askAll(db, [...keyed, ...counted, nextNumber({}), ...rulesStatements.of(query)])
    const [claimed, found] = rows.splice(0, keyed.length)
    const [states] = rows.splice(0, counted.length)
    const [numbers] = rows.splice(0, 1)
    const key = claim && claims.resultOf(claim, claimed, found)
    return {
      key: key?.kind === 'known' ? { ...key, subject: toOrder({ order: key.subject }) } : key,
      // The columns are those that `readCounters` names.
      states: (states ?? []) as CounterState[],
      rules: rulesStatements.resultOf(rows),
      // Likewise; the driver reads a bigint as text.
      number: Number((numbers as { number: string }[])[0]?.number),
    }
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
