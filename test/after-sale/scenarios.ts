import { mismatchesIn } from '../support/consistency.ts'
import { untilDone } from '../support/failpoints.ts'
import { eventMismatches, mailMismatches, openDeliveries, webhookMismatches } from './records.ts'
import { MAIL_PROVIDER, postgresOf, RECEIVER, type Scenario, STRIPE } from './scenario.ts'
import { asStaff, readOrder, type SoldOrder, sellOrder, ship } from './sold-order.ts'

/** Statements that pull events, or record what came of them. */
const DELIVERIES = /update "orders"\."event_deliveries"/
/** All others. What changes an order also writes its events. */
const CHANGES = /^(?![\s\S]*update "(?:orders|payments)"\."event_deliveries")/

/** Orders, money, stock and history agree, and the order is as it should be. */
async function orderMismatches(sold: SoldOrder, wanted: Record<string, unknown>): Promise<string[]> {
  const order: Record<string, unknown> = await readOrder(sold)
  const differing = Object.entries(wanted).filter(([name, value]) => order[name] !== value)
  return [
    ...(await mismatchesIn(sold.stage, sold.watched)),
    ...differing.map(([name, value]) => `${name} is ${order[name]}, not ${value}`),
  ]
}

/** How many units have shipped, are packed, were removed and were refunded. */
async function unitMismatches(sold: SoldOrder, wanted: [number, number, number, number]): Promise<string[]> {
  const [line] = (await readOrder(sold)).items
  const found = [line?.shipped_quantity, line?.packed_quantity, line?.removed_quantity, line?.refunded_quantity]
  return JSON.stringify(found) === JSON.stringify(wanted) ? [] : [`units are ${found}, not ${wanted}`]
}

/** What all of them found, with the name of the try. */
async function allOf({ watched }: SoldOrder, ...lists: (string[] | Promise<string[]>)[]): Promise<string[]> {
  return (await Promise.all(lists)).flat().map((mismatch) => `${watched.name}: ${mismatch}`)
}

/** Ships so many units, however often it takes. @returns the shipment's id */
async function shipSurely(sold: SoldOrder, quantity: number, status?: 'packed'): Promise<string> {
  const key = crypto.randomUUID()
  const send = () => ship(sold, quantity, { key, ...(status && { status }) })
  return (await untilDone(sold.stage, send, (reply) => reply.status === 201)).body.shipment.id
}

async function changeShipment({ stage }: SoldOrder, id: string, status: 'shipped' | 'delivered'): Promise<void> {
  const send = () => asStaff(stage, 'PATCH', `/api/shipments/${id}`, { status })
  await untilDone(stage, send, (reply) => reply.status === 200)
}

async function refundSurely(sold: SoldOrder, quantity: number): Promise<void> {
  const [key, body] = [crypto.randomUUID(), { items: [{ line_id: sold.lineId, quantity }] }]
  const send = () => asStaff(sold.stage, 'POST', `/api/payments/${sold.paymentId}/refund`, body, key)
  await untilDone(sold.stage, send, ({ status }) => status === 201)
}

async function isPaid(sold: SoldOrder): Promise<void> {
  await sold.stage.shop.orderBecomes(sold.customer, sold.id, 'processing', 'paid')
}

/** What may be interrupted after a sale. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'a shipment of which the first captures the payment',
    boundaries: [postgresOf('orders', CHANGES), postgresOf('payments', CHANGES), STRIPE],
    begin: async (stage, name) => {
      const sold = await sellOrder(stage, name)
      return {
        run: async () => {
          await shipSurely(sold, 1)
        },
        mismatches: () =>
          allOf(
            sold,
            orderMismatches(sold, { fulfillment_status: 'partially_fulfilled', payment_status: 'paid' }),
            unitMismatches(sold, [1, 0, 0, 0]),
            eventMismatches(sold, { 'shipment.created': 1, 'shipment.shipped': 1, 'order.paid': 1 }),
            openDeliveries(sold),
          ),
      }
    },
  },
  {
    name: 'a shipment that is packed, and then leaves',
    boundaries: [postgresOf('orders', CHANGES)],
    begin: async (stage, name) => {
      const sold = await sellOrder(stage, name)
      return {
        run: async () => changeShipment(sold, await shipSurely(sold, 3, 'packed'), 'shipped'),
        mismatches: () =>
          allOf(
            sold,
            orderMismatches(sold, { status: 'shipped', fulfillment_status: 'fulfilled', payment_status: 'paid' }),
            unitMismatches(sold, [3, 0, 0, 0]),
            eventMismatches(sold, { 'shipment.created': 1, 'shipment.shipped': 1, 'order.shipped': 1 }),
            openDeliveries(sold),
          ),
      }
    },
  },
  {
    name: 'a refund by line',
    boundaries: [postgresOf('orders', CHANGES), postgresOf('payments', CHANGES), STRIPE],
    begin: async (stage, name) => {
      const sold = await sellOrder(stage, name)
      await shipSurely(sold, 2)
      await isPaid(sold)
      return {
        run: () => refundSurely(sold, 2),
        mismatches: () =>
          allOf(
            sold,
            orderMismatches(sold, { status: 'shipped', payment_status: 'partially_refunded', refunded_amount: 25 }),
            unitMismatches(sold, [2, 0, 1, 2]),
            eventMismatches(sold, { 'order.refund_reserved': 1, 'order.refunded': 1, 'refund.succeeded': 1 }),
            openDeliveries(sold),
          ),
      }
    },
  },
  {
    name: 'the mails of an order',
    boundaries: [
      postgresOf('notifications', /notifications.{1,3}mails/),
      postgresOf('orders', DELIVERIES),
      MAIL_PROVIDER,
    ],
    begin: async (stage, name) => {
      const sold = await sellOrder(stage, name)
      return {
        run: async () => {
          await shipSurely(sold, 3)
        },
        mismatches: () =>
          allOf(
            sold,
            orderMismatches(sold, { status: 'shipped', payment_status: 'paid' }),
            mailMismatches(sold, [/^Your order at/, /is on its way$/]),
            openDeliveries(sold),
          ),
      }
    },
  },
  {
    name: 'the webhooks of an order',
    boundaries: [postgresOf('notifications', /webhook_deliveries/), postgresOf('orders', DELIVERIES), RECEIVER],
    hasReceiver: true,
    begin: async (stage, name) => {
      const sold = await sellOrder(stage, name)
      return {
        run: async () => {
          const id = await shipSurely(sold, 3, 'packed')
          await changeShipment(sold, id, 'shipped')
          await changeShipment(sold, id, 'delivered')
        },
        mismatches: () =>
          allOf(
            sold,
            orderMismatches(sold, { status: 'delivered', payment_status: 'paid' }),
            webhookMismatches(sold, stage.receiver?.events ?? []),
            openDeliveries(sold),
          ),
      }
    },
  },
]
