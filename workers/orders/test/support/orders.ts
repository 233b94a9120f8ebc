import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { NO_UNITS } from '../../src/fulfillment/domain/units.ts'
import type { NewOrder, Order, OrderChange, OrderEvent } from '../../src/orders/domain/order.ts'
import { plainPart, plainTotals } from './purchases.ts'

let lastNumber = 1_000_000

function nextNumber(): number {
  lastNumber += 1
  return lastNumber
}

/** A pending order of two lines, 25.00 USD by default. */
export function anOrder(over: Partial<Order> = {}): Order {
  const now = new Date('2026-11-23T10:00:00.000Z')
  const isCharged = (over.paymentId ?? null) !== null || (over.capturedAmount ?? 0) > 0
  return {
    id: newId('order'),
    number: nextNumber(),
    userId: newId('user'),
    claimedAt: null,
    erasedAt: null,
    email: null,
    status: 'pending',
    paymentStatus: 'unpaid',
    fulfillmentStatus: 'unfulfilled',
    cancelReason: null,
    ...plainTotals(over.total ?? 2_500),
    currency: currency('USD'),
    lines: [
      {
        id: newId('orderLine'),
        productId: 1,
        variantId: 11,
        sku: 'MUG-BLUE',
        options: { colour: 'blue' },
        name: 'Mug',
        category: 'kitchen',
        imageUrl: 'https://images.example.com/mug.jpg',
        isGiftCard: false,
        quantity: 2,
        unitPrice: 1_000,
        units: NO_UNITS,
        holdId: null,
        ...plainPart(2_000),
      },
      {
        id: newId('orderLine'),
        productId: 2,
        variantId: 12,
        sku: null,
        options: {},
        name: 'Filter papers',
        category: null,
        imageUrl: null,
        isGiftCard: false,
        quantity: 1,
        unitPrice: 500,
        units: NO_UNITS,
        holdId: null,
        ...plainPart(500),
      },
    ],
    shipments: [],
    lineRefunds: [],
    returns: [],
    ...{ vatId: null, billingAddress: null, note: null, cartId: null, exchangeOf: null },
    shippingAddress: { line1: '1 Main St', city: 'Springfield' },
    createdAt: now,
    updatedAt: now,
    expiresAt: new Date(now.getTime() + 900_000),
    paymentId: null,
    furtherPayments: [],
    chargeNo: 1,
    chargedAmount: isCharged ? (over.total ?? 2_500) : 0,
    giftCardAmount: 0,
    giftCardReturned: 0,
    creditedAmount: 0,
    capturedAmount: 0,
    refundedAmount: 0,
    invoiced: null,
    refundFailed: false,
    disputedAmount: 0,
    chargedBackAmount: 0,
    stockCommitted: false,
    metadata: {},
    version: 1,
    ...over,
  }
}

/** An order as it is placed, with its first event. */
export function placing(order: Order, giftCards: NewOrder['giftCards'] = []): NewOrder {
  const actor =
    order.userId === null ? ({ kind: 'guest' } as const) : ({ kind: 'customer', userId: order.userId } as const)
  return { order, events: [eventOf(order, { type: 'placed', actor, data: { amount: order.total } })], giftCards }
}

/** Where an order is placed: it counts nowhere. */
export const NOWHERE = { customerKey: 'account:nobody', counters: [] }

/** A change by the system, decided from the given order. */
export function changing(
  order: Order,
  to: Partial<Order>,
  event: Partial<OrderEvent> & Pick<OrderEvent, 'type'>,
): OrderChange {
  const isCharged = (to.paymentId ?? null) !== null || (to.capturedAmount ?? 0) > 0
  const charged = isCharged ? { chargedAmount: order.total } : {}
  const next = { ...order, ...charged, ...to, version: order.version + 1 }
  return { order: next, event: eventOf(next, event) }
}

function eventOf(order: Order, event: Partial<OrderEvent> & Pick<OrderEvent, 'type'>): OrderEvent {
  return { orderId: order.id, seq: order.version, at: order.updatedAt, actor: { kind: 'system' }, data: {}, ...event }
}
