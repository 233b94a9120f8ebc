import { found, type Work } from '../api/endpoint.ts'
import { invalidRequest, noSuch } from '../api/errors.ts'
import { newId } from '../store/ids.ts'
import type { Charge, Refund } from '../store/objects.ts'
import { previousRefunded, refundOnCharge, withReference } from './refund.ts'

/**
 * The bank's later answer to a refund. A pending refund succeeds or fails; a succeeded one may still fail. A failed
 * refund returns the money to the balance, and the charge is refundable again.
 *
 * @throws ApiError 400 when the refund's status does not allow the outcome
 */
export function settleRefund(work: Work, id: string, outcome: 'succeed' | 'fail'): Refund {
  const refund = found(work.store.find('refund', id), noSuch('refund', id, 'id'))
  const isAllowed = refund.status === 'pending' || (refund.status === 'succeeded' && outcome === 'fail')
  if (!isAllowed || refund.balance_transaction === null) {
    throw invalidRequest(`Refund ${id} can no longer ${outcome}: its status is ${refund.status}.`)
  }
  work.unschedule(id)
  const charge = found(work.store.find('charge', refund.charge), noSuch('charge', refund.charge, 'charge'))
  return outcome === 'succeed' ? succeed(work, refund, charge) : fail(work, refund, charge)
}

function succeed(work: Work, refund: Refund, charge: Charge): Refund {
  const { pending_reason: _pendingReason, ...rest } = refund
  return save(work, refund, withReference({ ...rest, status: 'succeeded' }, charge))
}

function fail(work: Work, refund: Refund, charge: Charge): Refund {
  const { pending_reason: _pendingReason, ...rest } = refund
  const failed = save(work, refund, {
    ...rest,
    status: 'failed',
    failure_balance_transaction: newId('txn'),
    failure_reason: 'expired_or_canceled_card',
  })
  work.emit('refund.failed', failed, { status: refund.status })
  const charged = refundOnCharge(work, charge, -refund.amount)
  work.emit('charge.updated', charged, previousRefunded(charge, charged))
  return failed
}

function save(work: Work, before: Refund, after: Refund): Refund {
  work.store.update('refund', after)
  work.emit('refund.updated', after, { status: before.status })
  work.emit('charge.refund.updated', after, { status: before.status })
  return after
}
