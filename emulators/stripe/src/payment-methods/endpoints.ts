import { type Endpoint, found, type Work } from '../api/endpoint.ts'
import { invalidRequest, noSuch } from '../api/errors.ts'
import { listEndpoint } from '../api/list.ts'
import { Params } from '../api/params.ts'
import type { PaymentMethod } from '../store/objects.ts'
import { attach, detach } from './attach.ts'

const retrievePaymentMethod: Endpoint = {
  method: 'GET',
  path: '/v1/payment_methods/:id',
  answers: 'payment_method',
  prepare({ id, form }) {
    new Params(form, { accepts: [] })
    return (work) => load(work, id)
  },
}

const updatePaymentMethod: Endpoint = {
  method: 'POST',
  path: '/v1/payment_methods/:id',
  answers: 'payment_method',
  prepare({ id, form }) {
    const params = new Params(form, {
      accepts: ['metadata'],
      unsupported: ['allow_redisplay', 'billing_details', 'card', 'us_bank_account'],
    })
    params.metadata({})
    return (work) => {
      const method = load(work, id)
      const changed = { ...method, metadata: params.metadata(method.metadata ?? {}) }
      work.store.update('payment_method', changed)
      work.emit('payment_method.updated', changed, { metadata: method.metadata })
      return changed
    }
  },
}

const attachPaymentMethod: Endpoint = {
  method: 'POST',
  path: '/v1/payment_methods/:id/attach',
  answers: 'payment_method',
  prepare({ id, form }) {
    const params = new Params(form, { accepts: ['customer'], unsupported: ['customer_account'] })
    const customer = params.requiredString('customer')
    return (work) => attach(work, id, customer)
  },
}

const detachPaymentMethod: Endpoint = {
  method: 'POST',
  path: '/v1/payment_methods/:id/detach',
  answers: 'payment_method',
  prepare({ id, form }) {
    new Params(form, { accepts: [] })
    return (work) => {
      const method = load(work, id)
      if (method.customer !== null) return detach(work, method)
      throw invalidRequest('The payment method you provided is not attached to a customer so detachment is impossible.')
    }
  },
}

function load(work: Work, id: string): PaymentMethod {
  return found(work.store.find('payment_method', id), noSuch('PaymentMethod', id, 'payment_method'))
}

/** Lists only attached payment methods, as at Stripe. */
const listPaymentMethods = listEndpoint({
  kind: 'payment_method',
  path: '/v1/payment_methods',
  filters: ['customer', 'type'],
  unsupported: ['allow_redisplay', 'customer_account'],
  attachedOnly: true,
})

export const paymentMethodEndpoints = [
  retrievePaymentMethod,
  updatePaymentMethod,
  attachPaymentMethod,
  detachPaymentMethod,
  listPaymentMethods,
]
