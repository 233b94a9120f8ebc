import type { IncomingHttpHeaders } from 'node:http'
import { decodeForm } from '../api/form.ts'
import { dashboardActions } from '../dashboard/actions.ts'
import type { Core } from '../server/core.ts'
import type { Answer } from '../server/execute.ts'
import type { PaymentIntent, SetupIntent } from '../store/objects.ts'
import { authenticationPage, notFoundPage, pageHeaders } from './page.ts'

export const AUTHENTICATE_PATH = '/authenticate/'

interface PageRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
  origin: string
}

/**
 * The page that `next_action` links to: `GET` shows it; `POST` with `outcome=complete` or `outcome=fail` performs the
 * authentication and redirects to `return_url`.
 */
export function answerAuthentication(core: Core, { method, path, headers, body, origin }: PageRequest): Answer {
  const id = path.slice(AUTHENTICATE_PATH.length)
  const intent = core.store.find('payment_intent', id) ?? core.store.find('setup_intent', id)
  if (!intent) return { status: 404, body: notFoundPage(), headers: pageHeaders(undefined) }
  const returnUrl = intent.next_action?.redirect_to_url?.return_url ?? undefined
  if (method === 'GET') return { status: 200, body: authenticationPage(intent), headers: pageHeaders(returnUrl) }
  const { outcome } = decodeForm(body)
  const isOwn = headers.origin === undefined || headers.origin === origin
  if (method !== 'POST' || !isOwn || (outcome !== 'complete' && outcome !== 'fail')) {
    return { status: 400, body: notFoundPage(), headers: pageHeaders(undefined) }
  }
  // The form was submitted twice or after a cancellation: only show the status.
  if (intent.status !== 'requires_action') {
    return { status: 200, body: authenticationPage(intent), headers: pageHeaders(undefined) }
  }
  const bank = dashboardActions(core, origin)
  const isPayment = intent.object === 'payment_intent'
  const after = isPayment ? bank.authenticate(id, outcome) : bank.authenticateSetup(id, outcome)
  if (returnUrl === undefined) {
    return { status: 200, body: authenticationPage(after), headers: pageHeaders(undefined) }
  }
  return { status: 303, body: '', headers: { ...pageHeaders(returnUrl), Location: redirectTo(returnUrl, after) } }
}

/** Adds Stripe's query parameters, by which the merchant's page identifies the payment and its outcome. */
function redirectTo(returnUrl: string, intent: PaymentIntent | SetupIntent): string {
  const url = new URL(returnUrl)
  url.searchParams.set(intent.object, intent.id)
  url.searchParams.set(`${intent.object}_client_secret`, intent.client_secret ?? '')
  url.searchParams.set('redirect_status', intent.status === 'requires_payment_method' ? 'failed' : 'succeeded')
  return url.href
}
