import type { OrderMail } from '@shop/contracts/orders/order-mail'
import { formatMoney } from '@shop/kernel/format-money'
import type { OrderData } from './mail-data.ts'

/** An order as its mails show it, in the language and the time zone of the mail. */
export function orderDataOf(order: OrderMail, locale: string, timeZone: string): OrderData['order'] {
  const money = formatMoney(order.currency, locale)
  const orNothing = (amount: number) => (amount === 0 ? null : money(amount))
  return {
    id: order.orderId,
    number: order.number,
    placed_on: new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone }).format(order.placedAt),
    paid: order.paymentStatus !== 'unpaid',
    items: order.lines.map(({ name, options, quantity, total }) => ({
      name,
      options: optionsText(options),
      quantity,
      total: money(total),
    })),
    subtotal: money(order.subtotal),
    discount: order.discountTotal === 0 ? null : money(-order.discountTotal),
    shipping: order.shipping === null ? null : money(order.shippingTotal),
    shipping_method: order.shipping?.name ?? null,
    tax: orNothing(order.taxTotal),
    tax_included: order.pricesIncludeTax,
    total: money(order.total),
    address: order.shippingAddress,
  }
}

const optionsText = (options: Record<string, string>): string =>
  Object.entries(options)
    .map(([option, value]) => `${option}: ${value}`)
    .join(', ')

/** A shipment of the order as its mail shows it; null where the mail is about none. */
export function shipmentDataOf({ shipments }: OrderMail, shipmentId: string | undefined): OrderData['shipment'] {
  const shipment = shipments.find((one) => one.shipmentId === shipmentId)
  if (shipment === undefined) return null
  const { items, carrier, trackingNumber, trackingUrl } = shipment
  return {
    items: items.map(itemDataOf),
    ...{ carrier, tracking_number: trackingNumber, tracking_url: trackingUrl },
  }
}

/** A return of the order as its mails show it; null where the mail is about none. */
export function returnDataOf({ returns }: OrderMail, returnId: string | undefined): OrderData['return'] {
  const found = returns.find((one) => one.returnId === returnId)
  return found === undefined ? null : { items: found.items.map(itemDataOf), refuse_reason: found.refuseReason }
}

const itemDataOf = ({ name, options, quantity }: OrderMail['returns'][number]['items'][number]) => ({
  ...{ name, options: optionsText(options), quantity },
})
