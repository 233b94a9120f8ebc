import { isId, type OrderId } from '@shop/kernel/ids'
import { withoutTrailingSlash } from '../../forwarding/domain/routing.ts'

const SIGNATURE = /(?:^|,)v1=[\da-f]{64}(?:,|$)/

/** Whether a request only asks if the gateway runs, as a probe does often. That costs nothing, so it is not limited. */
export function isProbe(path: string): boolean {
  return withoutTrailingSlash(path) === '/health'
}

/**
 * Whether a request may be a delivery of Stripe, by the shape of its signature. Stripe delivers in bursts, from a dozen
 * addresses, so it has a limit of its own.
 */
export function isStripeDelivery(method: string, path: string, signature: string | undefined): boolean {
  return method === 'POST' && withoutTrailingSlash(path) === '/api/webhooks/stripe' && SIGNATURE.test(signature ?? '')
}

const MAIL_SIGNATURE = /(?:^| )v1,[A-Za-z0-9+/]{43}=(?: |$)/

/** The same for a delivery of the mail provider: one bounce for each mail of a campaign comes at once. */
export function isMailDelivery(method: string, path: string, signature: string | undefined): boolean {
  return (
    method === 'POST' &&
    withoutTrailingSlash(path) === '/api/webhooks/mail/resend' &&
    MAIL_SIGNATURE.test(signature ?? '')
  )
}

/** Whether a request places an order, which holds stock: by itself, or by completing a cart. */
export function isOrder(method: string, path: string): boolean {
  return method === 'POST' && /^\/api\/(?:orders|carts\/[^/]+\/complete)$/.test(withoutTrailingSlash(path))
}

/** Whether a request has the token of a guest's order mailed. */
export function isOrderTokenRequest(method: string, path: string): boolean {
  return method === 'POST' && withoutTrailingSlash(path) === '/api/orders/token'
}

/** Whether a request makes a ticket for live updates. */
export function isLiveTicket(method: string, path: string): boolean {
  return method === 'POST' && withoutTrailingSlash(path) === '/api/live/tickets'
}

/** Whether a request makes a cart, which is an object of its own. */
export function isNewCart(method: string, path: string): boolean {
  return method === 'POST' && withoutTrailingSlash(path) === '/api/carts'
}

/** Whether a request changes a cart, or makes one. */
export function isCartWrite(method: string, path: string): boolean {
  return ['POST', 'PATCH', 'DELETE'].includes(method) && /^\/api\/carts(?:\/|$)/.test(path)
}

/** Whether a request tries to pay: that is how stolen cards are tested. */
export function isPayment(method: string, path: string): boolean {
  return method === 'POST' && withoutTrailingSlash(path) === '/api/payments'
}

/** The order that the body of a payment names; undefined for a body that payments will refuse. */
export function orderIdIn(body: Uint8Array | undefined): OrderId | undefined {
  const { order_id: orderId } = memberOf(body)
  return typeof orderId === 'string' && isId('order', orderId) ? orderId : undefined
}

function memberOf(body: Uint8Array | undefined): { order_id?: unknown } {
  try {
    return Object(JSON.parse(new TextDecoder().decode(body)))
  } catch {
    return {}
  }
}
