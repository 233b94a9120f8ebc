import type { Db } from '@shop/db'
import { addSeconds, type IdempotencyKey, type OrderId } from '@shop/kernel'
import { type SQL, sql } from 'drizzle-orm'
import type { Order } from '../domain/order.ts'
import { ORDER_JSON, type OrderRow, toOrder } from './rows.ts'

/** A key with the name of one attempt. Only that attempt can attach an order to the key. */
export type Claim = IdempotencyKey & { claim: string }

/** What a key answers: the attempt may go on, another attempt is running, another request used it, or its order. */
export type KeyState = 'claimed' | 'in_flight' | 'other_request' | Order

type KeyRow = { requestHash: string; order: OrderRow['order'] | null }

const KEEP_HOURS = 48
/** A sweep deletes at most this many, so that it ends in time after a long pause. */
const PRUNE_BATCH = 1_000

export type OrderKeyRepository = ReturnType<typeof orderKeyRepository>

export const orderKeyRepository = (db: Db) => ({
  /**
   * Claims a key for one attempt, or returns what became of it. One round trip.
   *
   * Insert and read are two statements of one transaction: a statement does not see a row that was committed after it
   * began, though it conflicts with it.
   *
   * @param times.claimedUntil after this an attempt that attached no order may be taken over
   */
  async claim(claim: Claim, times: { now: Date; claimedUntil: Date }): Promise<KeyState> {
    const { scope, key, requestHash } = claim
    const [claimed, found] = await db.batch([
      db.execute(claimStatement(claim, times)),
      db.execute<KeyRow>(sql`
        select key.request_hash as "requestHash", (
          select ${ORDER_JSON} from orders.orders o where o.id = key.order_id) as order
        from orders.idempotency_keys key where key.scope = ${scope} and key.key = ${key}`),
    ])
    if (claimed.rows.length === 1) return 'claimed'
    const [known] = found.rows
    if (known === undefined) return 'in_flight'
    if (known.requestHash !== requestHash) return 'other_request'
    return known.order === null ? 'in_flight' : toOrder({ order: known.order })
  },

  /** Drops the claim of an attempt that wrote no order, so that a retry of the request runs afresh. */
  async drop({ scope, key, claim }: Claim): Promise<void> {
    await db.execute(sql`
      delete from orders.idempotency_keys
      where scope = ${scope} and key = ${key} and claim = ${claim} and order_id is null`)
  },

  /** Deletes keys that are older than two days. */
  async prune(now: Date): Promise<number> {
    const before = addSeconds(now, -KEEP_HOURS * 3_600)
    const { rows } = await db.execute(sql`
      delete from orders.idempotency_keys where (scope, key) in (
        select scope, key from orders.idempotency_keys
        where created_at < ${before.toISOString()} order by created_at limit ${PRUNE_BATCH})
      returning key`)
    return rows.length
  },
})

const claimStatement = ({ scope, key, requestHash, claim }: Claim, times: { now: Date; claimedUntil: Date }) => sql`
  insert into orders.idempotency_keys as known (scope, key, request_hash, claim, claimed_until, created_at)
  values (${scope}, ${key}, ${requestHash}, ${claim}, ${times.claimedUntil.toISOString()}, ${times.now.toISOString()})
  on conflict (scope, key) do update set claim = excluded.claim, claimed_until = excluded.claimed_until
    where known.order_id is null and known.claimed_until < excluded.created_at
      and known.request_hash = excluded.request_hash
  returning claim`

/** Statement part: an UPDATE that attaches the order, and returns a row if this attempt still has the claim. */
export const attachKey = ({ scope, key, claim }: Claim, orderId: OrderId): SQL => sql`
  update orders.idempotency_keys set order_id = ${orderId}
  where scope = ${scope} and key = ${key} and claim = ${claim} and order_id is null
  returning 1`
