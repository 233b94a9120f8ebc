import { eventMismatches, openDeliveries } from './records.ts'
import { postgresOf, type Scenario, STRIPE } from './scenario.ts'
import { allOf, CHANGES, isPaid, orderMismatches, paySurely, shipSurely, surely } from './scenario-steps.ts'
import { readOrder, type SoldOrder, sellOrder } from './sold-order.ts'

const BOUNDARIES = [postgresOf('orders', CHANGES), postgresOf('payments', CHANGES), STRIPE]

/** How many units of each line are ordered. */
async function lineMismatches(sold: SoldOrder, wanted: number[]): Promise<string[]> {
  const found = (await readOrder(sold)).items.map(({ quantity }) => quantity)
  return String(found) === String(wanted) ? [] : [`lines are ${found}, not ${wanted}`]
}

export const EDIT_SCENARIOS: readonly Scenario[] = [
  {
    name: 'an edit that takes units off',
    boundaries: BOUNDARIES,
    isLong: true,
    begin: async (stage, name) => {
      const sold = await sellOrder(stage, name)
      // The first shipment takes the money, a part of which the edit gives back.
      await shipSurely(sold, 1)
      await isPaid(sold)
      return {
        run: async () => {
          await surely(sold, `/api/orders/${sold.id}/edits`, { items: [{ line_id: sold.lineId, quantity: 2 }] })
        },
        mismatches: () =>
          allOf(
            sold,
            orderMismatches(sold, { payment_status: 'partially_refunded', refunded_amount: 12.5, total_amount: 25 }),
            lineMismatches(sold, [2]),
            eventMismatches(sold, { 'order.edited': 1, 'order.refund_due': 1, 'refund.succeeded': 1 }),
            openDeliveries(sold),
          ),
      }
    },
  },
  {
    name: 'an edit that adds a line, which is paid',
    boundaries: BOUNDARIES,
    isLong: true,
    begin: async (stage, name) => {
      const sold = await sellOrder(stage, name)
      await shipSurely(sold, 1)
      await isPaid(sold)
      const items = [{ variant_id: sold.watched.product.variants[0]?.id, quantity: 2 }]
      return {
        run: async () => {
          await surely(sold, `/api/orders/${sold.id}/edits`, { items })
          await paySurely(sold, sold.id)
        },
        mismatches: () =>
          allOf(
            sold,
            orderMismatches(sold, { payment_status: 'paid', captured_amount: 62.5, total_amount: 62.5, amount_due: 0 }),
            lineMismatches(sold, [3, 2]),
            eventMismatches(sold, { 'order.edited': 1, 'payment.captured': 2 }),
            openDeliveries(sold),
          ),
      }
    },
  },
]
