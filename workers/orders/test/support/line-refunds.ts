import { newId } from '@shop/http/ids'
import type { WantedRefund } from '../../src/fulfillment/domain/line-refund-steps.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { plainPart } from './purchases.ts'
import { AT, aShippableOrder } from './shipments.ts'

export const madeOf = () => ({ refundId: newId('refund'), at: AT })
export const wanted = (order: Order, quantities: number[], over: Partial<WantedRefund> = {}): WantedRefund => ({
  paymentId: order.paymentId ?? newId('payment'),
  items: quantities.flatMap((quantity, at) =>
    quantity === 0 ? [] : [{ lineId: order.lines[at]?.id ?? 'none', quantity }],
  ),
  ...{ shipping: 0, restockingFee: 0, ...over },
})
export const unitsOf = ({ lines }: Order) =>
  lines.map(({ units }) => [units.removed, units.refunded, units.refundedAmount])
/** With shipping for 4.90. */
export const withShipping = (): Order => ({
  ...aShippableOrder(),
  shipping: { optionId: 'shopt_1', name: 'Parcel', estimate: null, isPickup: false, ...plainPart(490) },
})
