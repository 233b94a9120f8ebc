import type { Watched } from '../support/consistency.ts'
import { eventMismatches, openDeliveries } from './records.ts'
import { postgresOf, type Scenario, STRIPE } from './scenario.ts'
import {
  allOf,
  CHANGES,
  isPaid,
  orderMismatches,
  paySurely,
  refundSurely,
  shipSurely,
  surely,
  unitMismatches,
} from './scenario-steps.ts'
import { readOrder, type SoldOrder, sellOrder } from './sold-order.ts'

const BOUNDARIES = [postgresOf('orders', CHANGES), postgresOf('payments', CHANGES), STRIPE]

/** An order that has left, and a return of so many of its units that staff have made. */
async function returnUnits(sold: SoldOrder, quantity: number): Promise<string> {
  const items = [{ line_id: sold.lineId, quantity, reason: 'unwanted' }]
  return (await surely(sold, `/api/orders/${sold.id}/returns`, { items })).body.return.id
}

async function receiveUnit(sold: SoldOrder, returnId: string, restock: boolean): Promise<void> {
  const items = [{ line_id: sold.lineId, quantity: 1, restock }]
  await surely(sold, `/api/returns/${returnId}/receive`, { items })
}

/** How many units of each return have come back, were restocked, written off and refunded. */
async function returnMismatches(sold: SoldOrder, wanted: number[][]): Promise<string[]> {
  const { returns } = await readOrder(sold)
  const found = returns.flatMap(({ items }) =>
    items.map((item) => [
      ...[item.received_quantity, item.restocked_quantity, item.written_off_quantity, item.refunded_quantity],
    ]),
  )
  return JSON.stringify(found) === JSON.stringify(wanted) ? [] : [`returns are ${JSON.stringify(found)}`]
}

/** One unit for 12.50 that came back is exchanged for a product of this price. What it costs more is paid. */
const exchangeFor = (price: number, name: string): Scenario => ({
  name: `an exchange for something ${name}`,
  boundaries: BOUNDARIES,
  isLong: true,
  begin: async (stage, tryName) => {
    const sold = await sellOrder(stage, tryName)
    await shipSurely(sold, 3)
    await isPaid(sold)
    const returnId = await returnUnits(sold, 1)
    await receiveUnit(sold, returnId, true)
    const product = await stage.shop.addProduct(stage.admin, { price, stock_quantity: 10 })
    const items = [{ variant_id: product.variants[0]?.id, quantity: 1 }]
    const other: { id?: string } = {}
    return {
      run: async () => {
        const { order } = (await surely(sold, `/api/returns/${returnId}/exchange`, { items })).body
        other.id = order.id
        if (order.amount_due > 0) await paySurely(sold, order.id)
        const units = [{ line_id: order.items[0]?.id, quantity: 1 }]
        await surely(sold, `/api/orders/${order.id}/shipments`, { items: units })
      },
      mismatches: () => {
        const watched: Watched = { ...sold.watched, product }
        const exchanged: SoldOrder = { ...sold, watched, id: other.id ?? 'none' }
        const paid = { status: 'shipped', payment_status: 'paid', amount_due: 0 }
        return allOf(
          sold,
          orderMismatches(sold, { payment_status: 'partially_refunded', refunded_amount: 12.5 }),
          returnMismatches(sold, [[1, 1, 0, 1]]),
          orderMismatches(exchanged, { ...paid, total_amount: price, gift_card_amount: Math.min(price, 12.5) }),
          eventMismatches(sold, { 'return.exchanged': 1, 'order.refund_due': 1 }),
          eventMismatches(exchanged, { 'gift_card.spent': 1, 'shipment.shipped': 1 }),
          openDeliveries(sold),
          openDeliveries(exchanged),
        )
      },
    }
  },
})

export const RETURN_SCENARIOS: readonly Scenario[] = [
  {
    name: 'a return that is received in parts and refunded',
    boundaries: BOUNDARIES,
    isLong: true,
    begin: async (stage, name) => {
      const sold = await sellOrder(stage, name)
      await shipSurely(sold, 3)
      await isPaid(sold)
      return {
        run: async () => {
          const returnId = await returnUnits(sold, 2)
          await receiveUnit(sold, returnId, true)
          await receiveUnit(sold, returnId, false)
          await refundSurely(sold, 2, { return_id: returnId })
        },
        mismatches: () =>
          allOf(
            sold,
            orderMismatches(sold, { payment_status: 'partially_refunded', refunded_amount: 25 }),
            unitMismatches(sold, [3, 0, 0, 2]),
            returnMismatches(sold, [[2, 1, 1, 2]]),
            eventMismatches(sold, { 'return.approved': 1, 'return.received': 2, 'refund.succeeded': 1 }),
            openDeliveries(sold),
          ),
      }
    },
  },
  exchangeFor(12.5, 'of the same price'),
  exchangeFor(7, 'cheaper'),
  exchangeFor(20, 'dearer, which is paid'),
]
