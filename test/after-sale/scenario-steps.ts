import type { Reply } from '@shop/testing/client'
import { eventually } from '@shop/testing/eventually'
import { mismatchesIn } from '../support/consistency.ts'
import { untilDone } from '../support/failpoints.ts'
import { asStaff, readOrder, type SoldOrder, ship } from './sold-order.ts'

const PAID_WITHIN_MS = 30_000

/** Statements that pull events, or record what came of them. */
export const DELIVERIES = /update "orders"\."event_deliveries"/
/** All others. What changes an order also writes its events. */
export const CHANGES = /^(?![\s\S]*update "(?:orders|payments)"\."event_deliveries")/

/** Orders, money, stock and history agree, and the order is as it should be. */
export async function orderMismatches(sold: SoldOrder, wanted: Record<string, unknown>): Promise<string[]> {
  const order: Record<string, unknown> = await readOrder(sold)
  const differing = Object.entries(wanted).filter(([name, value]) => order[name] !== value)
  return [
    ...(await mismatchesIn(sold.stage, sold.watched)),
    ...differing.map(([name, value]) => `${name} is ${order[name]}, not ${value}`),
  ]
}

/** How many units have shipped, are packed, were removed and were refunded. */
export async function unitMismatches(sold: SoldOrder, wanted: [number, number, number, number]): Promise<string[]> {
  const [line] = (await readOrder(sold)).items
  const found = [line?.shipped_quantity, line?.packed_quantity, line?.removed_quantity, line?.refunded_quantity]
  return JSON.stringify(found) === JSON.stringify(wanted) ? [] : [`units are ${found}, not ${wanted}`]
}

/** What all of them found, with the name of the try. */
export async function allOf({ watched }: SoldOrder, ...lists: (string[] | Promise<string[]>)[]): Promise<string[]> {
  return (await Promise.all(lists)).flat().map((mismatch) => `${watched.name}: ${mismatch}`)
}

/** Ships so many units, however often it takes. @returns the shipment's id */
export async function shipSurely(sold: SoldOrder, quantity: number, status?: 'packed'): Promise<string> {
  const key = crypto.randomUUID()
  const send = () => ship(sold, quantity, { key, ...(status && { status }) })
  return (await untilDone(sold.stage, send, (reply) => reply.status === 201)).body.shipment.id
}

export async function changeShipment({ stage }: SoldOrder, id: string, status: 'shipped' | 'delivered'): Promise<void> {
  const send = () => asStaff(stage, 'PATCH', `/api/shipments/${id}`, { status })
  await untilDone(stage, send, (reply) => reply.status === 200)
}

export async function refundSurely(sold: SoldOrder, quantity: number, over: object = {}): Promise<void> {
  const body = { items: [{ line_id: sold.lineId, quantity }], ...over }
  await surely(sold, `/api/payments/${sold.paymentId}/refund`, body)
}

/** Posts as staff, with the same key however often it takes. */
export function surely({ stage }: SoldOrder, path: string, body: object): Promise<Reply> {
  const key = crypto.randomUUID()
  return untilDone(
    stage,
    () => asStaff(stage, 'POST', path, body, key),
    ({ status }) => status < 300,
  )
}

/** The customer pays for an order of theirs, however often it takes. */
export function paySurely({ stage, customer }: SoldOrder, orderId: string): Promise<Reply> {
  const options = {
    token: customer.token,
    body: { order_id: orderId, payment_method: 'pm_card_visa' },
    headers: { 'idempotency-key': crypto.randomUUID() },
  }
  return untilDone(
    stage,
    () => stage.shop.request('POST', '/api/payments', options),
    ({ status }) => status === 201,
  )
}

/** Waits until the first shipment has taken the money. */
export async function isPaid(sold: SoldOrder): Promise<void> {
  const read = async () => {
    const order = await readOrder(sold)
    if (order.payment_status !== 'paid') await sold.stage.platform.sweep()
    return order
  }
  await eventually(read, ({ payment_status: status }) => status === 'paid', PAID_WITHIN_MS)
}
