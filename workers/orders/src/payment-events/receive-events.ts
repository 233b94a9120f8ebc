import { type InvalidEvent, isWellFormed } from '@shop/contracts/events/delivery'
import type { OrderChanged, OrderNotFound } from '@shop/contracts/orders/failures'
import type { PaymentsEvent, PaymentsReceipt } from '@shop/contracts/orders/rpc'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrdersDeps } from '../deps.ts'
import { forEachJoined } from '../stock/join-orders.ts'
import type { SellDeps } from '../stock/sell-stock.ts'
import { captureFactOf, disputeFactOf, refundFactOf } from './domain/facts.ts'
import { moneyEntriesOf } from './domain/money-entries.ts'
import type { NotYet, PaymentDecision } from './domain/payment.ts'
import { applyAuthorization } from './internal/apply-authorization.ts'
import { applyAuthorizationLoss } from './internal/apply-authorization-loss.ts'
import { applyCapture } from './internal/apply-capture.ts'
import { applyDispute } from './internal/apply-dispute.ts'
import { applyRefund } from './internal/apply-refund.ts'
import { applyRefundFailure } from './internal/apply-refund-failure.ts'
import { applyRefundReturn } from './internal/apply-refund-return.ts'

type ReceiveDeps = SellDeps &
  Pick<OrdersDeps, 'captures' | 'giftCards' | 'invoices' | 'money' | 'joinCatalog' | 'isOutage' | 'warn'>
type Applied = Result<
  PaymentDecision | undefined,
  OrderNotFound | OrderChanged | NotYet | InvalidEvent | ServiceUnavailable
>

/**
 * Applies events of payments, several at a time: each concerns one order, and events of different keys are independent.
 * However many there are, they call the catalog once to sell stock, and once more if a sale has to be returned.
 *
 * @returns a receipt for each event. An outage and what has to wait are retried; an event about an unknown order is skipped.
 */
export async function receiveEvents(
  deps: ReceiveDeps,
  events: PaymentsEvent[],
): Promise<Result<PaymentsReceipt[], never>> {
  return ok(await forEachJoined(deps, events, receive))
}

async function receive(deps: ReceiveDeps, event: PaymentsEvent): Promise<PaymentsReceipt> {
  try {
    return receiptOf(event.id, await apply(deps, event))
  } catch (error) {
    deps.warn('event_failed', { eventId: event.id, type: event.type, error })
    const failure = deps.isOutage(error) ? 'service_unavailable' : 'internal_error'
    return { eventId: event.id, outcome: 'failed', failure }
  }
}

async function apply(deps: ReceiveDeps, event: PaymentsEvent): Promise<Applied> {
  if (!isWellFormed(event)) return fail({ code: 'invalid_event' })
  switch (event.type) {
    case 'refund.succeeded':
    case 'refund.failed':
    case 'refund.returned': {
      const refund = refundFactOf(event.payload)
      if (refund === undefined) return fail({ code: 'invalid_event' })
      if (event.type === 'refund.failed') return applyRefundFailure(deps, refund, event.details)
      const known = await deps.money.record(moneyEntriesOf(event))
      return event.type === 'refund.returned'
        ? applyRefundReturn(deps, refund, event.details)
        : applyRefund(deps, refund, event.details, known)
    }
    case 'dispute.created':
    case 'dispute.updated':
    case 'dispute.closed': {
      const fact = disputeFactOf(event.payload, event.details)
      if (fact === undefined) return fail({ code: 'invalid_event' })
      return applyDispute(deps, fact, await deps.money.record(moneyEntriesOf(event)))
    }
  }
  const fact = captureFactOf(event.payload)
  if (fact === undefined) return fail({ code: 'invalid_event' })
  if (event.type === 'payment.authorized') return applyAuthorization(deps, fact)
  return event.type === 'payment.captured'
    ? applyCapture(deps, fact, moneyEntriesOf(event))
    : applyAuthorizationLoss(deps, fact)
}

function receiptOf(eventId: number, applied: Applied): PaymentsReceipt {
  if (applied.ok) {
    return { eventId, outcome: 'done', ...(applied.value === undefined ? {} : { decision: applied.value }) }
  }
  const { code } = applied.failure
  if (code === 'order_not_found') return { eventId, outcome: 'skipped' }
  return { eventId, outcome: 'failed', failure: code === 'order_changed' ? 'service_unavailable' : code }
}
