import type { OrderMail } from '@shop/contracts/orders/order-mail'
import { addressLines } from './address-lines.ts'
import { type Order, structured } from './order.ts'

/** An order as mails show it: nothing that only staff see. */
export function toOrderMail(order: Order): OrderMail {
  const { userId, email, status, paymentStatus, currency, shippingAddress } = order
  return {
    orderId: order.id,
    number: order.number,
    userId,
    // An account may have another address than when it ordered.
    email: userId === null ? email : null,
    status,
    paymentStatus,
    placedAt: order.createdAt,
    currency,
    lines: order.lines.map(({ name, sku, options, quantity, total }) => ({ name, sku, options, quantity, total })),
    shipments: order.shipments.map(({ id: shipmentId, items, carrier, trackingNumber, trackingUrl }) => ({
      ...{ shipmentId, carrier, trackingNumber, trackingUrl },
      items: linesOf(order, items),
    })),
    returns: order.returns.map(({ id: returnId, items, refuseReason }) => ({
      ...{ returnId, refuseReason, items: linesOf(order, items) },
    })),
    subtotal: order.subtotal,
    discountTotal: order.discountTotal,
    shipping: order.shipping && { name: order.shipping.name },
    shippingTotal: order.shippingTotal,
    taxTotal: order.taxTotal,
    pricesIncludeTax: order.pricesIncludeTax,
    total: order.total,
    refundedAmount: order.refundedAmount,
    recipientName: structured(shippingAddress)?.name ?? null,
    shippingAddress: addressLines(shippingAddress),
  }
}

/** Units of lines, by their names. */
const linesOf = ({ lines }: Order, items: { lineId: string; quantity: number }[]) =>
  items.flatMap(({ lineId, quantity }) => {
    const line = lines.find(({ id }) => id === lineId)
    return line === undefined ? [] : [{ name: line.name, sku: line.sku, options: line.options, quantity }]
  })
