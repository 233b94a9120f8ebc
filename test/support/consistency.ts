import type { OrderBody } from '@shop/testing/order-body'
import type { ProductBody } from '@shop/testing/product-body'
import { intentsOf, moneyKept } from '@shop/testing/stripe-js'
import { sql } from 'drizzle-orm'
import type { Stage } from './use-platform.ts'

/** A product with its opening stock, and the token of the only customer who has ordered it. */
export type Watched = { name: string; token: string; product: ProductBody; opening: number }

/**
 * The mismatches about one product, in words. Empty once orders, payments, ledger, events, stock and Stripe agree and
 * no work is left. Stripe is the oracle for money, arithmetic for stock.
 */
export async function mismatchesIn(stage: Stage, watched: Watched): Promise<string[]> {
  const orders = await ordersOf(stage, watched.token)
  const found = [
    ...orders.flatMap((order) => moneyMismatches(stage, order)),
    ...(await stockMismatches(stage, watched, orders)),
  ]
  for (const order of orders) {
    found.push(...(await paymentMismatches(stage, order)), ...(await eventMismatches(stage, order)))
    found.push(...(await invoiceMismatches(stage, order)))
  }
  return found.map((mismatch) => `${watched.name}: ${mismatch}`)
}

async function ordersOf({ shop }: Stage, token: string): Promise<OrderBody[]> {
  return (await shop.request('GET', '/api/orders?limit=100', { token })).body.orders
}

const cents = (amount: number) => Math.round(amount * 100)

/** What was paid, with gift cards included, and what of it the shop keeps. */
const paidFor = (order: OrderBody): number => cents(order.captured_amount) + cents(order.gift_card_amount)
const keptOf = (order: OrderBody): number => paidFor(order) - cents(order.refunded_amount)

function moneyMismatches({ platform }: Stage, order: OrderBody): string[] {
  const { status, payment_status: payment, total_amount: total } = order
  const [paid, kept] = [paidFor(order), keptOf(order)]
  const atStripe = moneyKept(platform.stripe, order)
  const state = `${status}/${payment}, it keeps ${kept} of ${cents(total)}, Stripe ${atStripe}`
  const mismatches = status === 'pending' ? [`is still pending: ${state}`] : []
  if (status === 'cancelled' && atStripe !== 0) mismatches.push(`money of a cancelled order: ${state}`)
  if (payment === 'paid' && kept !== cents(total)) mismatches.push(`paid, but not all of it: ${state}`)
  if (payment === 'partially_refunded' && !(kept > 0 && kept < paid && kept <= cents(total)))
    mismatches.push(`not a partial refund: ${state}`)
  if (['unpaid', 'refunded'].includes(payment) && kept !== 0) mismatches.push(`money without a record: ${state}`)
  const intents = intentsOf(platform.stripe, order)
  const open = intents.filter((intent) => !['canceled', 'succeeded'].includes(intent.status))
  if (open.length > 0) mismatches.push(`${open.length} PaymentIntents are open`)
  if (intents.filter((intent) => intent.status === 'succeeded').length > 1 && atStripe > cents(total)) {
    mismatches.push(`paid twice: ${state}`)
  }
  return mismatches
}

/**
 * Checks the records of the payments service: nothing in progress, and the same sums in row, ledger and order. Refunds to gift cards
 * leave the money at Stripe.
 */
async function paymentMismatches({ platform }: Stage, order: OrderBody): Promise<string[]> {
  const { rows } = await platform.database.as('payments').execute<Record<string, number>>(sql`
    select coalesce(sum(captured_amount - refunded_amount), 0)::int as kept,
           coalesce(sum(captured_amount - refunded_amount + credited_amount) filter (where method = 'card'), 0)::int as expected,
           coalesce(sum(reserved_amount), 0)::int as reserved,
           (select count(*)::int from payments.refunds where order_id = ${order.id} and state = 'pending') as refunding,
           (select count(*)::int from payments.payments where order_id = ${order.id} and attempt_until is not null) as asking,
           (select coalesce(sum(case when debit = 'stripe' then amount when credit = 'stripe' then -amount else 0 end), 0)::int from payments.ledger
            where payment_id in (select id from payments.payments where order_id = ${order.id})) as booked
    from payments.payments where order_id = ${order.id}`)
  const { kept, expected, reserved, refunding, asking, booked } = rows[0] ?? {}
  const atStripe = moneyKept(platform.stripe, order)
  const mismatches: string[] = []
  if (expected !== atStripe) mismatches.push(`payments keeps ${expected} at Stripe, Stripe ${atStripe}`)
  if (kept !== keptOf(order)) mismatches.push(`payments keeps ${kept}, the order ${keptOf(order)}`)
  if (booked !== atStripe) mismatches.push(`the ledger has ${booked}, Stripe ${atStripe}`)
  if (reserved !== 0 || refunding !== 0 || asking !== 0) {
    mismatches.push(`in progress: ${reserved} reserved, ${refunding} refunds, ${asking} calls`)
  }
  return mismatches
}

async function eventMismatches({ platform }: Stage, order: OrderBody): Promise<string[]> {
  const { rows } = await platform.database.as('orders').execute<{ version: number; events: number[] | null }>(sql`
    select version, (select json_agg(seq order by seq) from orders.order_events where order_id = id) as events
    from orders.orders where id = ${order.id}`)
  const { version = 0, events } = rows[0] ?? {}
  const numbered = JSON.stringify(Array.from({ length: version }, (_, index) => index + 1))
  return JSON.stringify(events) === numbered ? [] : [`version ${version} has the events ${JSON.stringify(events)}`]
}

/** Checks that an order has an invoice exactly if it was paid, and that its documents add up to what the shop keeps. */
async function invoiceMismatches({ platform }: Stage, order: OrderBody): Promise<string[]> {
  const { rows } = await platform.database.as('orders').execute<Record<string, number | null>>(sql`
    select coalesce(sum(case series when 'invoice' then i.total else -i.total end), 0)::int as issued,
           count(*) filter (where cause = 'paid')::int as invoices, (max(invoiced->>'total'))::int as kept
    from orders.orders o left join orders.invoices i on i.order_id = o.id where o.id = ${order.id}`)
  const { issued, invoices, kept } = rows[0] ?? {}
  const isPaid = !['unpaid', 'authorized'].includes(order.payment_status)
  const wanted = keptOf(order)
  const isRight = invoices === (isPaid ? 1 : 0) && issued === wanted && (kept ?? 0) === wanted
  return isRight ? [] : [`${invoices} invoices, ${issued} issued and ${kept} invoiced, not ${wanted}`]
}

async function stockMismatches({ shop, admin }: Stage, watched: Watched, orders: OrderBody[]): Promise<string[]> {
  const itemsOf = ({ items }: OrderBody) => items.filter((item) => item.product_id === watched.product.id)
  const lines = new Set(orders.flatMap(itemsOf).map(({ id }) => id))
  const sold = orders
    .filter(({ status }) => !['pending', 'cancelled'].includes(status))
    .flatMap(itemsOf)
    .reduce((sum, item) => sum + item.quantity, 0)
  // What is written off does not come back.
  const restocked = orders
    .flatMap(({ returns }) => returns.flatMap(({ items }) => items))
    .reduce((sum, item) => (lines.has(item.line_id) ? sum + item.restocked_quantity : sum), 0)
  const path = `/api/inventory/${watched.product.id}`
  const { inventory } = (await shop.request('GET', path, { token: admin.token })).body
  const wanted = watched.opening - sold + restocked
  const { on_hand, held, available } = inventory
  if (on_hand === wanted && held === 0 && available === wanted) return []
  return [`stock is ${on_hand} on hand, ${held} held, ${available} available, not ${wanted}`]
}
