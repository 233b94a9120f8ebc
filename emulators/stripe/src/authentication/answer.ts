import type { IncomingHttpHeaders } from 'node:http'
import { byHand } from '../by-hand.ts'
import type { Core } from '../core.ts'
import type { Answer } from '../execute.ts'
import { decodeForm } from '../form.ts'
import type { PaymentIntent, SetupIntent } from '../objects.ts'
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
 * `next_action` leads here: `GET` shows the page, `POST` with `outcome=complete` or `outcome=fail` does it and leads back
 * to the shop.
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
  // Pressed twice, or after the payment was canceled: there is nothing left to do but to say so.
  if (intent.status !== 'requires_action') {
    return { status: 200, body: authenticationPage(intent), headers: pageHeaders(undefined) }
  }
  const bank = byHand(core, origin)
  const isPayment = intent.object === 'payment_intent'
  const after = isPayment ? bank.authenticate(id, outcome) : bank.authenticateSetup(id, outcome)
  if (returnUrl === undefined) {
    return { status: 200, body: authenticationPage(after), headers: pageHeaders(undefined) }
  }
  return { status: 303, body: '', headers: { ...pageHeaders(returnUrl), Location: backTo(returnUrl, after) } }
}

/** With what Stripe adds, so that the shop's page knows which payment came back, and how. */
function backTo(returnUrl: string, intent: PaymentIntent | SetupIntent): string {
  const url = new URL(returnUrl)
  url.searchParams.set(intent.object, intent.id)
  url.searchParams.set(`${intent.object}_client_secret`, intent.client_secret ?? '')
  url.searchParams.set('redirect_status', intent.status === 'requires_payment_method' ? 'failed' : 'succeeded')
  return url.href
}
