import type { Order, OrderChange } from '@shop/contracts'
import type { IdempotencyKey } from '@shop/kernel'
import { ask, askAll, type Db } from '../../client.ts'
import { ORDER_JSON, type OrderRow, toOrder } from './rows.ts'

/** What a key says: this caller may go on, somebody is at it, another request has used it, or it has its answer. */
export type KeyClaim = 'claimed' | 'in_flight' | 'other_request' | Order

export type Claim = IdempotencyKey & { claim: string }

const CLAIM = `
  insert into orders.idempotency_keys as known (scope, key, request_hash, claim, claimed_until, created_at)
  values ($1, $2, $3, $4, $5, $6)
  on conflict (scope, key) do update set claim = excluded.claim, claimed_until = excluded.claimed_until
    where known.order_id is null and known.claimed_until < excluded.created_at
      and known.request_hash = excluded.request_hash
  returning claim`

const READ_KEY = `
  select key.request_hash as "requestHash", (
    select ${ORDER_JSON} from orders.orders o where o.id = key.order_id) as order
  from orders.idempotency_keys key where key.scope = $1 and key.key = $2`

type KeyRow = { requestHash: string; order: OrderRow['order'] | null }

/**
 * Takes a key for one attempt, or tells what became of it. One trip.
 *
 * Insert and read are two statements of one transaction, because a statement does not see a row that was committed
 * after it began, though it conflicts with it.
 *
 * @param claim.claim names this attempt; only it can attach an order to the key
 * @param times.claimedUntil after this an attempt that has attached no order may be taken over
 */
export async function claimKey(db: Db, claim: Claim, times: { now: Date; claimedUntil: Date }): Promise<KeyClaim> {
  const { scope, key, requestHash } = claim
  const instants = [times.claimedUntil.toISOString(), times.now.toISOString()]
  const [claimed, found] = await askAll(db, [
    { text: CLAIM, values: [scope, key, requestHash, claim.claim, ...instants] },
    { text: READ_KEY, values: [scope, key] },
  ])
  if (claimed?.length === 1) return 'claimed'
  // The columns are those that READ_KEY names.
  const known = found?.[0] as KeyRow | undefined
  if (known === undefined) return 'in_flight'
  if (known.requestHash !== requestHash) return 'other_request'
  return known.order === null ? 'in_flight' : toOrder({ order: known.order })
}

const DROP = `
  delete from orders.idempotency_keys where scope = $1 and key = $2 and claim = $3 and order_id is null`

/** Forgets a claim that came to nothing, so that the retry of a refused request runs afresh. */
export async function dropClaim(db: Db, { scope, key, claim }: Claim): Promise<void> {
  await ask(db, { text: DROP, values: [scope, key, claim] })
}

const insert = (mayPlace: string) => `
  with may_place as (${mayPlace}),
  placed as (
    insert into orders.orders (id, user_id, email, status, payment_status, total, currency, shipping_address,
                               created_at, updated_at, expires_at)
    select $1, $2, $3, 'pending', 'unpaid', $4::bigint, $5, $6::jsonb, $7::timestamptz, $7::timestamptz, $8::timestamptz
    from may_place
    returning id
  ),
  noted as (
    insert into orders.order_events (order_id, seq, type, at, actor, data)
    select id, 1, 'placed', $7::timestamptz, $9::jsonb, $10::jsonb from placed
  )
  insert into orders.order_lines (order_id, position, product_id, variant_id, name, category, image_url, quantity,
                                  unit_price, total)
  select placed.id, line.position, line."productId", line."variantId", line.name, line.category, line."imageUrl", line.quantity, line."unitPrice", line.total
  from placed, jsonb_to_recordset($11::jsonb) as line(position int, "productId" bigint, "variantId" bigint, name text,
    category text, "imageUrl" text, quantity int, "unitPrice" bigint, total bigint)
  returning order_id`

const INSERT = insert('select 1')
const INSERT_WITH_KEY = insert(`
  update orders.idempotency_keys set order_id = $1
  where scope = $12 and key = $13 and claim = $14 and order_id is null
  returning 1`)

/**
 * Writes a new order, its lines, its first event and, where there is one, its idempotency key: one statement, all or
 * nothing.
 *
 * @returns false when the claim was taken over by another attempt; nothing is written then
 */
export async function insertOrder(
  db: Db,
  { order, event }: Pick<OrderChange, 'order' | 'event'>,
  claim: Claim | undefined,
): Promise<boolean> {
  const values = [
    order.id,
    order.userId,
    order.email,
    order.total,
    order.currency,
    JSON.stringify(order.shippingAddress),
    order.createdAt.toISOString(),
    order.expiresAt.toISOString(),
    JSON.stringify(event.actor),
    JSON.stringify(event.data),
    JSON.stringify(order.lines.map((line, position) => ({ ...line, position }))),
  ]
  const placed =
    claim === undefined
      ? await ask(db, { text: INSERT, values })
      : await ask(db, { text: INSERT_WITH_KEY, values: [...values, claim.scope, claim.key, claim.claim] })
  return placed.length > 0
}
