import type { StripeEmulator } from '@shop/stripe-emulator'
import type { Platform } from '@shop/testing/platform'
import { type SQL, sql } from 'drizzle-orm'
import { giftCardMismatches } from './gift-card-books.ts'
import { type StockBooksOptions, stockMismatches } from './stock-books.ts'

/**
 * The mismatches of the whole shop, in words: orders, payments, ledger, history, stock, gift cards and Stripe against each
 * other. Stripe is the oracle for money, arithmetic for stock and gift cards. Empty once no work is left.
 *
 * `mismatchesIn` of consistency.ts judges one customer's purchases more strictly.
 */
export async function booksMismatches(platform: Platform, options: StockBooksOptions = {}): Promise<string[]> {
  const found = await Promise.all([
    moneyMismatches(platform),
    stockMismatches(platform, options),
    giftCardMismatches(platform),
  ])
  return found.flat()
}

type OrderRow = {
  id: string
  status: string
  payment: string
  currency: string
  total: number
  /** By how much edits lowered the total below what was charged. */
  credited: number
  /** What gift cards pay of it, whether or not the rest is paid. */
  byGiftCards: number
  captured: number
  /** What was paid with gift cards included, less what was refunded. */
  kept: number
  /** The sum of its movements of money, without disputes. */
  recorded: number
  version: number
  events: number[] | null
}
type PaidRow = {
  id: string
  kept: number
  /** What its payments kept at Stripe: refunds that went to gift cards leave the money there. */
  atStripe: number
  booked: number
  busy: number
}

/** Stripe counts these in other units than ISO 4217. */
const OTHER_UNITS = ['ISK', 'UGX', 'MGA']

async function moneyMismatches(platform: Platform): Promise<string[]> {
  const ask = async <R>(service: 'orders' | 'payments', query: SQL) =>
    (await platform.database.as(service).execute(query)).rows as R[]
  const orders = await ask<OrderRow>(
    'orders',
    sql`select id, status, payment_status as payment, currency, total::float8 as total, version,
          credited_amount::float8 as credited, gift_card_amount::float8 as "byGiftCards",
          captured_amount::float8 as captured, events,
          (captured_amount + gift_card_amount - refunded_amount)::float8 as kept,
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
          (sum(captured_amount - refunded_amount + credited_amount) filter (where method = 'card'))::float8 as "atStripe",
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
  const { id, status, payment, total, captured, kept } = order
  const [stripe, expected] = [atStripe.get(id) ?? 0, paid?.atStripe ?? 0]
  const found: string[] = []
  if (JSON.stringify(order.events) !== JSON.stringify(Array.from({ length: order.version }, (_, n) => n + 1)))
    found.push(`version ${order.version} has the events ${JSON.stringify(order.events)}`)
  if (kept !== (paid?.kept ?? 0)) found.push(`the order keeps ${kept}, its payments ${paid?.kept}`)
  if (paid !== undefined && paid.booked !== expected)
    found.push(`the ledger has ${paid.booked}, payments ${expected} at Stripe`)
  if (order.recorded !== (paid?.booked ?? 0))
    found.push(`reports have ${order.recorded} of it, the ledger ${paid?.booked}`)
  if (!OTHER_UNITS.includes(order.currency) && expected !== stripe)
    found.push(`payments keep ${expected} at Stripe, Stripe ${stripe}`)
  if ((paid?.busy ?? 0) > 0) found.push('a payment or a refund is in progress')
  if (payment === 'paid' && !isPaid(order)) found.push(`it is paid with ${kept} of ${captured} captured, of ${total}`)
  if (payment === 'unpaid' && captured !== 0) found.push(`it is unpaid with ${captured} captured`)
  if (status === 'cancelled' && kept !== 0) found.push(`it is cancelled with ${kept}`)
  return found.map((mismatch) => `${id} (${status}/${payment}): ${mismatch}`)
}

/** Staff may capture a part of an authorization, which releases the rest: the order is then paid with that part. */
function isPaid({ total, credited, byGiftCards, captured, kept }: OrderRow): boolean {
  const paid = captured + byGiftCards
  return kept === paid && paid <= total + credited && (paid > 0 || total === 0)
}

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
