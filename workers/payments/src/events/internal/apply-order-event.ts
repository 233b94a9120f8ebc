import type { EventPayload, ShopEvent } from '@shop/contracts/events/catalogue'
import { isCurrencyCode } from '@shop/kernel/currencies'
import { isId } from '@shop/kernel/ids'
import type { PaymentsDeps } from '../../deps.ts'
import { bookGiftCard } from '../../ledger/book-gift-card.ts'
import { cancelFormerCharges } from '../../payments/cancel-former-charges.ts'
import { captureEditedOrder, captureShippedOrder, type ShippedDeps } from '../../payments/capture-shipped-order.ts'
import { returnGiftCards } from '../../payments/return-gift-cards.ts'
import { reverseCancelledOrder } from '../../payments/reverse-cancelled-order.ts'
import { type DueDeps, refundDue } from '../../refunds/refund-due.ts'

export type ApplyDeps = ShippedDeps & DueDeps & Pick<PaymentsDeps, 'payments' | 'ledger'>

/** `skipped`: payments has nothing to do for the event. `not_yet`: retry it, because Stripe or orders must answer first. */
type Applied = 'done' | 'skipped' | 'not_yet' | 'invalid_event'

/** Applies one event of orders to payments. Applying it again has no effect. */
export async function applyOrderEvent(deps: ApplyDeps, event: ShopEvent): Promise<Applied> {
  switch (event.type) {
    case 'order.cancelled':
    case 'order.edited':
    case 'shipment.shipped':
      return applyToOrder(deps, event)
    case 'order.refund_due':
      return makeDueRefund(deps, event.payload)
    case 'gift_card.spent':
    case 'gift_card.returned':
      return moveGiftCards(deps, event)
    case 'gift_card.issued':
    case 'gift_card.ended':
      return outcomeOf(await bookGiftCard(deps, event))
    default:
      return 'skipped'
  }
}

const outcomeOf = (isDone: boolean) => (isDone ? 'done' : 'not_yet')

async function applyToOrder(
  deps: ApplyDeps,
  { type, payload }: ShopEvent<'order.cancelled' | 'order.edited' | 'shipment.shipped'>,
): Promise<Applied> {
  const { orderId } = payload
  if (!isId('order', orderId)) return 'invalid_event'
  if (type === 'order.cancelled') return outcomeOf(await reverseCancelledOrder(deps, orderId))
  if (type === 'shipment.shipped') {
    return outcomeOf(await captureShippedOrder(deps, { orderId, shipmentId: payload.shipmentId }))
  }
  const isCancelled = await cancelFormerCharges(deps, orderId, payload.chargeNo)
  return outcomeOf(isCancelled && (await captureEditedOrder(deps, orderId)))
}

async function makeDueRefund(deps: ApplyDeps, payload: EventPayload<'order.refund_due'>): Promise<Applied> {
  const { orderId, refundId, currency } = payload
  if (!isId('order', orderId) || !isId('refund', refundId) || !isCurrencyCode(currency)) return 'invalid_event'
  return outcomeOf(await refundDue(deps, { ...payload, orderId, refundId, currency }))
}

async function moveGiftCards(
  deps: ApplyDeps,
  { type, payload, createdAt }: ShopEvent<'gift_card.spent' | 'gift_card.returned'>,
): Promise<Applied> {
  const { orderId, paymentId, userId, amount, currency } = payload
  const isKnown = isId('order', orderId) && isId('payment', paymentId) && (userId === null || isId('user', userId))
  if (!isKnown || !isCurrencyCode(currency)) return 'invalid_event'
  if (type === 'gift_card.returned') return outcomeOf(await returnGiftCards(deps, paymentId, amount))
  await deps.payments.recordGiftCards({ id: paymentId, orderId, userId, amount, currency, paidAt: createdAt })
  return 'done'
}
