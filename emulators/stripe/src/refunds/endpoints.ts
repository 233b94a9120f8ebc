import { type Endpoint, found } from '../api/endpoint.ts'
import { invalidRequest, noSuch } from '../api/errors.ts'
import { listEndpoint } from '../api/list.ts'
import { Params } from '../api/params.ts'
import { chargeToRefund, refundCharge } from './refund-charge.ts'

const REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const

const createRefund: Endpoint = {
  method: 'POST',
  path: '/v1/refunds',
  answers: 'refund',
  prepare({ form }) {
    const params = new Params(form, {
      accepts: ['payment_intent', 'charge', 'amount', 'reason', 'metadata'],
      unsupported: [
        'currency',
        'customer',
        'instructions_email',
        'origin',
        'refund_application_fee',
        'reverse_transfer',
      ],
    })
    const target = { charge: params.string('charge'), intent: params.string('payment_intent') }
    if (target.charge === undefined && target.intent === undefined) {
      throw invalidRequest('One of the following params should be provided for this request: payment_intent or charge.')
    }
    const amount = params.integer('amount')
    if (amount !== undefined && amount < 1) throw invalidRequest('Invalid positive integer', { param: 'amount' })
    const reason = params.oneOf('reason', REASONS) ?? null
    const metadata = params.metadata({})
    return (work) => refundCharge(work, chargeToRefund(work, target), { amount, reason, metadata })
  },
}

const retrieveRefund: Endpoint = {
  method: 'GET',
  path: '/v1/refunds/:id',
  answers: 'refund',
  prepare({ id, form }) {
    new Params(form, { accepts: [] })
    return ({ store }) => found(store.find('refund', id), noSuch('refund', id, 'id'))
  },
}

const updateRefund: Endpoint = {
  method: 'POST',
  path: '/v1/refunds/:id',
  answers: 'refund',
  prepare({ id, form }) {
    const params = new Params(form, { accepts: ['metadata'] })
    params.metadata({})
    return (work) => {
      const refund = found(work.store.find('refund', id), noSuch('refund', id, 'id'))
      const changed = { ...refund, metadata: params.metadata(refund.metadata) }
      work.store.update('refund', changed)
      work.emit('refund.updated', changed, { metadata: refund.metadata })
      return changed
    }
  },
}

/** Only a refund that requires the customer's action can be canceled. No payment method here has such refunds. */
const cancelRefund: Endpoint = {
  method: 'POST',
  path: '/v1/refunds/:id/cancel',
  answers: 'refund',
  prepare({ id, form }) {
    new Params(form, { accepts: [] })
    return ({ store }) => {
      const { status } = found(store.find('refund', id), noSuch('refund', id, 'id'))
      throw invalidRequest(`A refund with a status of ${status} cannot be canceled: only one that requires_action can.`)
    }
  },
}

const listRefunds = listEndpoint({ kind: 'refund', path: '/v1/refunds', filters: ['payment_intent', 'charge'] })

export const refundEndpoints = [createRefund, retrieveRefund, updateRefund, cancelRefund, listRefunds]
