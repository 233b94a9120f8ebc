import type { CurrencyCode } from '@shop/kernel/currencies'
import type { OrderId, ReturnId, ShipmentId, UserId } from '@shop/kernel/ids'
import type { OrderStatus, PaymentStatus } from './states.ts'

/** A line as it was ordered. `total` is after discounts, in minor units. */
export type OrderMailLine = {
  name: string
  sku: string | null
  options: Record<string, string>
  quantity: number
  total: number
}

/** What the mail with the token of a guest's order needs beside the order. */
export type OrderTokenMail = {
  eventId: number
  orderId: OrderId
  /** The address that the guest has ordered with. */
  to: string
  token: string
}

/** A shipment as mails show it: what is in it, and how it is followed. */
export type OrderMailShipment = {
  shipmentId: ShipmentId
  items: Pick<OrderMailLine, 'name' | 'sku' | 'options' | 'quantity'>[]
  carrier: string | null
  trackingNumber: string | null
  trackingUrl: string | null
}

/** A return as mails show it: what is in it and, of one that was refused, why. */
export type OrderMailReturn = {
  returnId: ReturnId
  items: Pick<OrderMailLine, 'name' | 'sku' | 'options' | 'quantity'>[]
  refuseReason: string | null
}

/**
 * What a mail shows of an order: amounts as they are stored, in minor units of `currency`. Read fresh for each delivery.
 */
export type OrderMail = {
  orderId: OrderId
  /** What people call the order by. */
  number: number
  /** Null for the order of a guest. */
  userId: UserId | null
  /** Of the order of a guest; null for that of an account, whose address users has. */
  email: string | null
  status: OrderStatus
  paymentStatus: PaymentStatus
  placedAt: Date
  currency: CurrencyCode
  lines: OrderMailLine[]
  shipments: OrderMailShipment[]
  returns: OrderMailReturn[]
  subtotal: number
  discountTotal: number
  /** Null where nothing is shipped, or no option was chosen; its name is that of the option. */
  shipping: { name: string } | null
  shippingTotal: number
  taxTotal: number
  /** Whether prices include tax. Then the tax is a part of the total. */
  pricesIncludeTax: boolean
  total: number
  refundedAmount: number
  /** Who receives it, where the address names somebody. */
  recipientName: string | null
  /** As it is written on a parcel, one text for each line; empty for none. */
  shippingAddress: string[]
}
