import type { ProductView } from '@shop/contracts'
import type { OrderBody } from '@shop/testing/order-body'
import { intentsOf, moneyKept } from '@shop/testing/stripe-js'
import { sql } from 'drizzle-orm'
import type { Stage } from './use-platform.ts'

/** A product with its opening stock, and who alone has ordered it. */
export type Watched = { name: string; token: string; product: ProductView; opening: number }

/**
 * What is wrong with the books about one product, in words; nothing once orders, payments, ledger, events, stock and
 * Stripe agree and nothing is left to be done. Stripe is the oracle for money, arithmetic for stock.
 */
export async function faultsIn(stage: Stage, watched: Watched): Promise<string[]> {
  const orders = await ordersOf(stage, watched.token)
  const found = [
    ...orders.flatMap((order) => moneyFaults(stage, order)),
    ...(await stockFaults(stage, watched, orders)),
  ]
  for (const order of orders) found.push(...(await paymentFaults(stage, order)), ...(await eventFaults(stage, order)))
  return found.map((fault) => `${watched.name}: ${fault}`)
}

export async function ordersOf({ shop }: Stage, token: string): Promise<OrderBody[]> {
  return (await shop.request('GET', '/api/orders?limit=100', { token })).body.orders
}

const cents = (amount: number) => Math.round(amount * 100)

function moneyFaults({ platform }: Stage, order: OrderBody): string[] {
  const { status, payment_status: payment, total_amount: total } = order
  const kept = moneyKept(platform.stripe, order)
  const told = `${status}/${payment}, Stripe keeps ${kept} of ${cents(total)}`
  const faults = status === 'pending' ? [`is still pending: ${told}`] : []
  if (status === 'cancelled' && kept !== 0) faults.push(`money of a cancelled order: ${told}`)
  if (kept !== cents(order.captured_amount) - cents(order.refunded_amount))
    faults.push(`the order says otherwise: ${told}`)
  if (payment === 'paid' && kept !== cents(total)) faults.push(`paid, but not all of it: ${told}`)
  if (payment === 'partially_refunded' && !(kept > 0 && kept < cents(total))) faults.push(`no part refund: ${told}`)
  if (['unpaid', 'refunded'].includes(payment) && kept !== 0) faults.push(`money nobody knows of: ${told}`)
  const intents = intentsOf(platform.stripe, order)
  const open = intents.filter((intent) => !['canceled', 'succeeded'].includes(intent.status))
  if (open.length > 0) faults.push(`${open.length} PaymentIntents are open`)
  if (intents.filter((intent) => intent.status === 'succeeded').length > 1 && kept > cents(total)) {
    faults.push(`paid twice: ${told}`)
  }
  return faults
}

/** What the payments service itself has written down: nothing under way, and the same sums in row and ledger. */
async function paymentFaults({ platform }: Stage, order: OrderBody): Promise<string[]> {
  const { rows } = await platform.database.as('payments').execute<Record<string, number>>(sql`
    select coalesce(sum(captured_amount - refunded_amount), 0)::int as kept, coalesce(sum(reserved_amount), 0)::int as reserved,
           (select count(*)::int from payments.refunds where order_id = ${order.id} and state = 'pending') as refunding,
           (select count(*)::int from payments.payments where order_id = ${order.id} and attempt_until is not null) as asking,
           (select coalesce(sum(case when debit = 'stripe' then amount when credit = 'stripe' then -amount else 0 end), 0)::int from payments.ledger
            where payment_id in (select id from payments.payments where order_id = ${order.id})) as booked
    from payments.payments where order_id = ${order.id}`)
  const { kept, reserved, refunding, asking, booked } = rows[0] ?? {}
  const atStripe = moneyKept(platform.stripe, order)
  const faults: string[] = []
  if (kept !== atStripe) faults.push(`payments keeps ${kept}, Stripe ${atStripe}`)
  if (booked !== atStripe) faults.push(`the ledger has ${booked}, Stripe ${atStripe}`)
  if (reserved !== 0 || refunding !== 0 || asking !== 0) {
    faults.push(`under way: ${reserved} reserved, ${refunding} refunds, ${asking} calls`)
  }
  return faults
}

async function eventFaults({ platform }: Stage, order: OrderBody): Promise<string[]> {
  const { rows } = await platform.database.as('orders').execute<{ version: number; events: number[] | null }>(sql`
    select version, (select json_agg(seq order by seq) from orders.order_events where order_id = id) as events
    from orders.orders where id = ${order.id}`)
  const { version = 0, events } = rows[0] ?? {}
  const numbered = JSON.stringify(Array.from({ length: version }, (_, index) => index + 1))
  return JSON.stringify(events) === numbered ? [] : [`version ${version} has the events ${JSON.stringify(events)}`]
}

async function stockFaults({ shop, admin }: Stage, watched: Watched, orders: OrderBody[]): Promise<string[]> {
  const sold = orders
    .filter(({ status }) => !['pending', 'cancelled'].includes(status))
    .flatMap(({ items }) => items)
    .reduce((sum, item) => sum + item.quantity, 0)
  const path = `/api/inventory/${watched.product.id}`
  const { inventory } = (await shop.request('GET', path, { token: admin.token })).body
  const wanted = watched.opening - sold
  const { on_hand, held, available } = inventory
  if (on_hand === wanted && held === 0 && available === wanted) return []
  return [`stock is ${on_hand} on hand, ${held} held, ${available} available, not ${wanted}`]
}
