import type { Endpoint } from '../api/endpoint.ts'
import { listEndpoint } from '../api/list.ts'
import { Params } from '../api/params.ts'
import { retrieveBalance } from '../balance/retrieve-balance.ts'
import { listCharges, retrieveCharge } from '../charges/charge.ts'
import { customerEndpoints } from '../customers/endpoints.ts'
import { disputeEndpoints } from '../disputes/endpoints.ts'
import { listEvents, retrieveEvent } from '../events/event.ts'
import { cancelPaymentIntent } from '../payment-intents/cancel.ts'
import { capturePaymentIntent } from '../payment-intents/capture.ts'
import { confirmPaymentIntent } from '../payment-intents/confirm.ts'
import { createPaymentIntent } from '../payment-intents/create.ts'
import { loadIntent } from '../payment-intents/intent.ts'
import { updatePaymentIntent } from '../payment-intents/update.ts'
import { paymentMethodEndpoints } from '../payment-methods/endpoints.ts'
import { refundEndpoints } from '../refunds/endpoints.ts'
import { searchEndpoints } from '../search/endpoints.ts'
import { setupIntentEndpoints } from '../setup-intents/endpoints.ts'
import { taxEndpoints } from '../tax/endpoints.ts'

const retrievePaymentIntent: Endpoint = {
  method: 'GET',
  path: '/v1/payment_intents/:id',
  answers: 'payment_intent',
  forBrowsers: true,
  prepare({ id, form, key }) {
    const params = new Params(form, { accepts: ['client_secret'] })
    if (key === 'publishable') params.require('client_secret')
    const clientSecret = params.string('client_secret')
    return (work) => loadIntent(work, id, clientSecret)
  },
}

const listPaymentIntents = listEndpoint({
  kind: 'payment_intent',
  path: '/v1/payment_intents',
  filters: ['customer'],
  unsupported: ['customer_account'],
})

const ENDPOINTS: readonly Endpoint[] = [
  // Before the endpoints whose `:id` would match `search`.
  ...searchEndpoints,
  createPaymentIntent,
  retrievePaymentIntent,
  updatePaymentIntent,
  confirmPaymentIntent,
  capturePaymentIntent,
  cancelPaymentIntent,
  listPaymentIntents,
  ...refundEndpoints,
  ...disputeEndpoints,
  retrieveCharge,
  listCharges,
  retrieveEvent,
  listEvents,
  ...paymentMethodEndpoints,
  ...customerEndpoints,
  ...setupIntentEndpoints,
  ...taxEndpoints,
  retrieveBalance,
]

/** The endpoint of a request and the id in its path. */
export function matchEndpoint(method: string, path: string): { endpoint: Endpoint; id: string } | undefined {
  const parts = path.split('/')
  for (const endpoint of ENDPOINTS) {
    const pattern = endpoint.path.split('/')
    if (endpoint.method !== method || pattern.length !== parts.length) continue
    if (!pattern.every((segment, index) => (segment === ':id' ? parts[index] !== '' : segment === parts[index])))
      continue
    return { endpoint, id: decodeSegment(parts[pattern.indexOf(':id')] ?? '') }
  }
  return undefined
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
