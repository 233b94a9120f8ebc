import { newId } from '@shop/http/ids'
import type { Caller } from '@shop/kernel/caller'
import type { StripeEmulator } from '@shop/stripe-emulator'
import type { ApiBody } from '@shop/testing/client'
import type { Platform } from '@shop/testing/platform'
import type { MovementBody } from '@shop/testing/product-body'
import { type SQL, sql } from 'drizzle-orm'
import pMap from 'p-map'

export type BooksOptions = {
  /**
   * Whether stock may be held for an order that was never written: after a fault, until its hold expires. Default false.
   */
  mayHoldMore?: boolean
}

/**
 * The mismatches of the whole shop, in words: orders, payments, ledger, history, stock and Stripe against each other.
 * Stripe is the oracle for money, arithmetic for stock. Empty once no work is left.
 *
 * `mismatchesIn` of consistency.ts judges one customer's purchases more strictly.
 */
export async function booksMismatches(platform: Platform, options: BooksOptions = {}): Promise<string[]> {
  const [money, stock] = await Promise.all([moneyMismatches(platform), stockMismatches(platform, options)])
  return [...money, ...stock]
}

type OrderRow = {
  id: string
  status: string
  payment: string
  currency: string
  total: number
  captured: number
  refunded: number
  /** By how much edits have lowered the total below what was charged. */
  credited: number
  /** What gift cards pay of it, and what of that they have again. */
  gift_cards: number
  gift_cards_returned: number
  /** The sum of its movements of money at Stripe, without disputes. */
  recorded: number
  version: number
  events: number[] | null
}
/** `kept` with what gift cards paid; `charged`: what of it Stripe has. */
type PaidRow = { id: string; kept: number; charged: number; booked: number; busy: number }

/** Stripe counts these in other units than ISO 4217. */
const OTHER_UNITS = ['ISK', 'UGX', 'MGA']

async function moneyMismatches(platform: Platform): Promise<string[]> {
  const ask = async <R>(service: 'orders' | 'payments', query: SQL) =>
    (await platform.database.as(service).execute(query)).rows as R[]
  const orders = await ask<OrderRow>(
    'orders',
    sql`select id, status, payment_status as payment, currency, total::float8 as total, version,
          captured_amount::float8 as captured, refunded_amount::float8 as refunded,
          credited_amount::float8 as credited, events,
          gift_card_amount::float8 as gift_cards, gift_card_returned::float8 as gift_cards_returned,
          coalesce(recorded, 0)::float8 as recorded
        from orders.orders left join (
          select order_id, json_agg(seq order by seq) as events from orders.order_events group by order_id
        ) as history on history.order_id = id left join (
          select order_id, sum(case kind when 'refunded' then -amount else amount end) as recorded
          from orders.money_entries where kind in ('captured', 'refunded', 'refund_returned') group by order_id
        ) as money on money.order_id = id`,
  )
  const paid = await ask<PaidRow>(
    'payments',
    sql`select order_id as id, sum(captured_amount - refunded_amount)::float8 as kept,
          coalesce(sum(captured_amount - refunded_amount + credited_amount) filter (where method = 'card'), 0)::float8
            as charged,
          coalesce(sum(booked), 0)::float8 as booked,
          (sum(reserved_amount) + count(attempt_until) + coalesce(sum(refunding), 0))::float8 as busy
        from payments.payments
        left join (
          select payment_id, sum(case 'stripe' when debit then amount when credit then -amount else 0 end) as booked
          from payments.ledger where dispute_id is null group by payment_id
        ) as ledger on ledger.payment_id = id
        left join (
          select payment_id, count(*) as refunding from payments.refunds where state = 'pending' group by payment_id
        ) as refunds on refunds.payment_id = id
        group by order_id`,
  )
  const atStripe = keptAtStripe(platform.stripe)
  const payments = new Map(paid.map((row) => [row.id, row]))
  const unknown = [...atStripe.keys()].filter((id) => !payments.has(id)).map((id) => `Stripe knows ${id}, payments not`)
  return [...unknown, ...orders.flatMap((order) => orderMismatches(order, payments.get(order.id), atStripe))]
}

function orderMismatches(order: OrderRow, paid: PaidRow | undefined, atStripe: Map<string, number>): string[] {
  const { id, status, payment, total, captured, refunded, gift_cards: giftCards } = order
  const stripe = atStripe.get(id) ?? 0
  const kept = captured + giftCards - refunded
  const { kept: paidAmount, charged, booked } = paid ?? { kept: 0, charged: 0, booked: 0 }
  const found: string[] = []
  if (JSON.stringify(order.events) !== JSON.stringify(Array.from({ length: order.version }, (_, n) => n + 1)))
    found.push(`version ${order.version} has the events ${JSON.stringify(order.events)}`)
  if (kept !== paidAmount) found.push(`the order keeps ${kept}, its payments ${paidAmount}`)
  if (booked !== charged) found.push(`the ledger has ${booked}, payments ${charged}`)
  if (order.recorded !== booked) found.push(`reports have ${order.recorded} of it, the ledger ${booked}`)
  if (!OTHER_UNITS.includes(order.currency) && charged !== stripe)
    found.push(`payments keep ${charged} at Stripe, which has ${stripe}`)
  if ((paid?.busy ?? 0) > 0) found.push('a payment or a refund is in progress')
  if (payment === 'paid' && !isPaid(order))
    found.push(`it is paid with ${captured} captured, ${giftCards} of gift cards, ${refunded} refunded, of ${total}`)
  if (payment === 'unpaid' && kept !== giftCards - order.gift_cards_returned) found.push(`it is unpaid with ${kept}`)
  if (status === 'cancelled' && kept !== 0) found.push(`it is cancelled with ${kept}`)
  return found.map((mismatch) => `${id} (${status}/${payment}): ${mismatch}`)
}

/** Staff may capture a part of an authorization, which releases the rest: the order is then paid with that part. */
const isPaid = ({ total, captured, refunded, credited, gift_cards: giftCards }: OrderRow) =>
  refunded === 0 && captured + giftCards <= total + credited && (captured + giftCards > 0 || total === 0)

/** By order: what was captured less what was refunded, in Stripe's units. */
function keptAtStripe(stripe: StripeEmulator): Map<string, number> {
  const kept = new Map<string, number>()
  const orderOf = new Map<string, string>()
  for (const { id, metadata, amount_received } of stripe.paymentIntents()) {
    const order = metadata.order_id ?? 'no order'
    orderOf.set(id, order)
    kept.set(order, (kept.get(order) ?? 0) + amount_received)
  }
  for (const { status, payment_intent, balance_transaction, amount } of stripe.refunds()) {
    const order = orderOf.get(String(payment_intent))
    if (order === undefined || status === 'failed' || status === 'canceled') continue
    // A voided authorization never captured money, though Stripe lists its release as a refund.
    if (status === 'succeeded' && balance_transaction === null) continue
    kept.set(order, (kept.get(order) ?? 0) - amount)
  }
  return kept
}

type VariantRow = { id: string; held: number; sold: number }
const AT_ONCE = 8

async function stockMismatches(platform: Platform, { mayHoldMore = false }: BooksOptions): Promise<string[]> {
  const listed = await platform.database.as('catalog').execute<{ id: string }>(
    sql`select v.id from catalog.variants v join catalog.products p on p.id = v.product_id
          where p.status <> 'archived' and v.deleted_at is null`,
  )
  const ordered = await platform.database.as('orders').execute<VariantRow>(
    sql`select variant_id as id,
          coalesce(sum(quantity) filter (where status = 'pending'), 0)::float8 as held,
          coalesce(sum(quantity) filter (where status not in ('pending', 'cancelled')), 0)::float8 as sold
        from orders.order_lines join orders.orders on orders.id = order_id group by variant_id`,
  )
  const wanted = new Map(ordered.rows.map((row) => [String(row.id), row]))
  const found = await pMap(
    listed.rows,
    async ({ id }) => {
      const { held, sold, onHand, total } = await stockOf(platform, id)
      const { held: open = 0, sold: bought = 0 } = wanted.get(String(id)) ?? {}
      const mismatches: string[] = []
      if (total !== onHand) mismatches.push(`its movements sum up to ${total}, on hand are ${onHand}`)
      if (sold !== bought) mismatches.push(`${sold} were sold, ${bought} are ordered`)
      if (held !== open && !(mayHoldMore && held > open))
        mismatches.push(`${held} are held, ${open} are in open orders`)
      if (held > onHand) mismatches.push(`${held} are held of ${onHand} on hand`)
      return mismatches.map((mismatch) => `variant ${id}: ${mismatch}`)
    },
    { concurrency: AT_ONCE },
  )
  return found.flat()
}

const STAFF: Caller = { kind: 'user', userId: newId('user'), role: 'admin' }
const SALES: string[] = ['commit', 'undo'] satisfies MovementBody['reason'][]

async function stockOf(platform: Platform, id: string) {
  const movements: MovementBody[] = []
  let cursor: string | null = ''
  let levels = { on_hand: 0, held: 0 }
  while (cursor !== null) {
    const path = `/api/variants/${id}/inventory?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`
    const answer = await platform.askCatalog(path, STAFF)
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.body}`)
    const body = JSON.parse(answer.body) as ApiBody
    if (cursor === '') levels = { on_hand: body.inventory.on_hand ?? 0, held: body.inventory.held ?? 0 }
    movements.push(...body.movements)
    cursor = body.next_cursor
  }
  const sum = (some: MovementBody[]) => some.reduce((total, { delta }) => total + delta, 0)
  return {
    onHand: levels.on_hand,
    held: levels.held,
    sold: -sum(movements.filter(({ reason }) => SALES.includes(reason))) + 0,
    total: movements.length === 0 ? levels.on_hand : sum(movements),
  }
}
