import type { EventType, ShopEvent } from '@shop/contracts/events/catalogue'
import type { MailTemplate } from '@shop/contracts/notifications/states'
import type { CancelReason } from '@shop/contracts/orders/states'

/** What a mail is about: what has to be read before it can be written. */
export type MailSubject =
  | { about: 'account'; eventId: number }
  /** `refunded` in minor units. `tokenEventId`: of the request for the token of the order. */
  | {
      about: 'order'
      orderId: string
      shipmentId?: string | undefined
      returnId?: string
      refunded?: number
      cancelReason?: CancelReason
      tokenEventId?: number
    }
  | { about: 'stock'; variantId: number; available: number; threshold: number }
  | { about: 'webhook'; endpointId: string }
  | { about: 'gift_card'; giftCardId: string }

/** A mail that an event has. A mail with the same template, occasion and recipient is sent once. */
export type MailPlan = { template: MailTemplate; occasion: string; subject: MailSubject }

type Plans = { [T in EventType]?: (event: ShopEvent<T>) => MailPlan | undefined }

const ofEvent = ({ id }: { id: number }) => `event:${id}`

const ofAccount = (template: MailTemplate) => (event: { id: number }) => ({
  template,
  occasion: ofEvent(event),
  subject: { about: 'account', eventId: event.id } as const,
})

/** Once for an order: one that is authorized now is paid when it ships. */
const onceOfOrder =
  (template: MailTemplate) =>
  ({ payload: { orderId } }: { payload: { orderId: string } }) => ({
    template,
    occasion: orderId,
    subject: { about: 'order', orderId } as const,
  })

const ofReturn =
  (template: MailTemplate) =>
  ({ id, payload }: { id: number; payload: { orderId: string; returnId: string } }) => ({
    template,
    occasion: ofEvent({ id }),
    subject: { about: 'order', orderId: payload.orderId, returnId: payload.returnId } as const,
  })

const ofGiftCard = ({ id, payload: { giftCardId } }: { id: number; payload: { giftCardId: string } }): MailPlan => ({
  template: 'gift_card',
  occasion: ofEvent({ id }),
  subject: { about: 'gift_card', giftCardId },
})

const confirmed = onceOfOrder('order_confirmed')
const failed = onceOfOrder('payment_failed')

/** The mail of each event that notifications consumes. */
const PLANS: Plans = {
  'order.authorized': confirmed,
  'order.paid': confirmed,
  // Once for an order, however many cards are tried: a stranger can type in the address of a guest's order.
  'payment.requires_payment_method': (event) => (event.payload.declineCode === null ? undefined : failed(event)),
  'shipment.shipped': ({ payload, ...event }) => {
    const { orderId, shipmentId } = payload
    // Picked up: they have it.
    if (payload.shipmentStatus === 'delivered') return undefined
    return { template: 'order_shipped', occasion: ofEvent(event), subject: { about: 'order', orderId, shipmentId } }
  },
  'order.cancelled': ({ payload, ...event }) => {
    const { orderId, cancelReason, paymentStatus } = payload
    // A checkout that somebody left: they have heard nothing of it, either.
    if (cancelReason === null || (cancelReason === 'expired' && paymentStatus === 'unpaid')) return undefined
    return { template: 'order_cancelled', occasion: ofEvent(event), subject: { about: 'order', orderId, cancelReason } }
  },
  'order.refunded': ({ payload, ...event }) => ({
    template: 'order_refunded',
    occasion: ofEvent(event),
    subject: { about: 'order', orderId: payload.orderId, refunded: payload.amount },
  }),
  'return.approved': ofReturn('return_approved'),
  'return.refused': ofReturn('return_refused'),
  'return.received': ofReturn('return_received'),
  'order.token_requested': ({ payload, ...event }) => ({
    template: 'order_access',
    occasion: ofEvent(event),
    subject: { about: 'order', orderId: payload.orderId, tokenEventId: event.id },
  }),
  'gift_card.issued': ofGiftCard,
  'gift_card.restored': ofGiftCard,
  'customer.verification_requested': ofAccount('email_verification'),
  'customer.password_reset_requested': ofAccount('password_reset'),
  'customer.email_change_requested': ofAccount('email_change'),
  'customer.email_changed': ofAccount('email_changed'),
  'customer.password_changed': ofAccount('password_changed'),
  'factor.added': ofAccount('factor_added'),
  'factor.removed': ofAccount('factor_removed'),
  'staff.invited': ofAccount('staff_invitation'),
  'stock.low': ({ payload, ...event }) => ({
    template: 'low_stock',
    occasion: ofEvent(event),
    subject: { about: 'stock', ...payload },
  }),
  'webhook_endpoint.disabled': ({ payload, ...event }) => ({
    template: 'webhook_endpoint_disabled',
    occasion: ofEvent(event),
    subject: { about: 'webhook', endpointId: payload.endpointId },
  }),
}

/** The events that may have a mail. */
export const MAILED_EVENTS = Object.keys(PLANS) as EventType[]

/** The mail of an event; undefined where nobody has to hear of it. */
export function planMail(event: ShopEvent): MailPlan | undefined {
  // The function under a type takes events of that type.
  const plan = PLANS[event.type] as ((event: ShopEvent) => MailPlan | undefined) | undefined
  return plan?.(event)
}
