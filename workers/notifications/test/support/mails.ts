import type { ShopEvent } from '@shop/contracts/events/catalogue'
import type { OrderMail } from '@shop/contracts/orders/order-mail'
import type { AccountMail, Contact } from '@shop/contracts/users/rpc'
import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { SHOP } from '@shop/settings/shop'
import type { LinkSettings } from '../../src/content/domain/links.ts'
import type { LetterSettings } from '../../src/mails/domain/letters.ts'

export const NOW = new Date('2026-11-23T10:00:00.000Z')

export const LINKS: LinkSettings = {
  storefrontUrl: 'https://shop.example.com/',
  adminUrl: 'https://admin.example.com',
  order: '/orders/{id}',
  verifyEmail: '/verify-email?token={token}',
  resetPassword: '/reset-password?token={token}',
  confirmEmail: '/confirm-email?token={token}',
  invitation: '/accept-invitation?token={token}',
}

export const SETTINGS: LetterSettings = { shop: SHOP, links: LINKS }

export const anOrder = (over: Partial<OrderMail> = {}): OrderMail => ({
  ...{ orderId: newId('order'), userId: null, email: 'guest@example.com', status: 'processing', paymentStatus: 'paid' },
  ...{ number: 1_001, placedAt: NOW, currency: currency('USD') },
  lines: [{ name: 'Mug', sku: 'MUG-1', options: { colour: 'blue' }, quantity: 2, total: 2_500 }],
  shipments: [],
  returns: [],
  ...{ subtotal: 2_500, discountTotal: 0, shipping: null, shippingTotal: 0, taxTotal: 0, pricesIncludeTax: false },
  ...{ total: 2_500, refundedAmount: 0, recipientName: null, shippingAddress: [] },
  ...over,
})

export const aContact = (over: Partial<Contact> = {}): Contact => ({
  ...{ userId: newId('user'), email: 'ada@example.com', name: 'Ada', locale: undefined },
  ...over,
})

export const anAccountMail = (eventId: number, over: Partial<AccountMail> = {}): AccountMail => ({
  ...{ eventId, to: 'ada@example.com', name: 'Ada', locale: undefined, token: 'a-token' },
  ...over,
})

let lastEvent = 0

type OrderEvent =
  | 'order.authorized'
  | 'order.paid'
  | 'order.shipped'
  | 'shipment.shipped'
  | 'order.cancelled'
  | 'order.refunded'
  | 'return.approved'
  | 'return.refused'
  | 'return.received'

/** An event of an order as orders writes it. */
export function orderEvent(type: OrderEvent, orderId: string, over: Record<string, unknown> = {}): ShopEvent {
  lastEvent += 1
  const refund = type === 'order.refunded' ? { refundId: 'refund_1', amount: 500 } : {}
  const shipment =
    type === 'shipment.shipped'
      ? { fulfillmentStatus: 'fulfilled', shipmentId: 'ship_1', shipmentStatus: 'shipped', items: [] }
      : {}
  const returned = type.startsWith('return.') ? { returnId: 'ret_1', returnStatus: 'approved', items: [] } : {}
  const payload = {
    ...{ orderId, userId: null, status: 'processing', paymentStatus: 'paid', cancelReason: null, total: 2_500 },
    ...{ currency: 'USD', capturedAmount: 2_500, refundedAmount: 0, paymentId: null },
    ...refund,
    ...shipment,
    ...returned,
    ...over,
  }
  // The payload is that of the type, which a union of types does not show.
  return { id: lastEvent, type, version: 1, key: orderId, sequence: 2, payload, createdAt: NOW } as ShopEvent
}

export function paymentEvent(orderId: string, declineCode: string | null, paymentId = 'pay_1'): ShopEvent {
  lastEvent += 1
  return {
    ...{
      id: lastEvent,
      type: 'payment.requires_payment_method',
      version: 1,
      key: paymentId,
      sequence: 3,
      createdAt: NOW,
    },
    payload: {
      ...{
        paymentId,
        orderId,
        userId: null,
        state: 'requires_payment_method',
        captureMethod: 'automatic',
        chargeNo: 1,
      },
      ...{ amount: 2_500, currency: 'USD', capturedAmount: 0, capturedBefore: 0, refundedAmount: 0, declineCode },
    },
  }
}

export function accountEvent(
  type: 'customer.password_reset_requested' | 'customer.email_changed',
  userId: string,
): ShopEvent {
  lastEvent += 1
  return {
    id: lastEvent,
    type,
    version: 1,
    key: userId,
    sequence: 2,
    payload: { userId, role: 'customer' },
    createdAt: NOW,
  }
}

export function stockEvent(variantId: number): ShopEvent {
  lastEvent += 1
  const payload = { variantId, available: 2, threshold: 5 }
  return {
    id: lastEvent,
    type: 'stock.low',
    version: 1,
    key: `variant:${variantId}`,
    sequence: 4,
    payload,
    createdAt: NOW,
  }
}

export function tokenEvent(orderId: string): ShopEvent {
  lastEvent += 1
  return {
    ...{ id: lastEvent, type: 'order.token_requested', version: 1, key: orderId, sequence: 4, createdAt: NOW },
    payload: { orderId },
  }
}
