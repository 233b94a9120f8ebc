import { isId, type OrderId } from '@shop/kernel/ids'
import { withoutTrailingSlash } from '../../forwarding/domain/routing.ts'

/** Probes are frequent and cheap. Webhooks come from few addresses, in bursts, and prove themselves by a signature. */
const UNLIMITED = /^\/(?:health(?:\/ready)?\/?$|api\/webhooks\/)/

/** Whether the limit per address does not apply to a path. */
export function isUnlimited(path: string): boolean {
  return UNLIMITED.test(path)
}

/** Whether a request places an order, which holds stock. */
export function isOrder(method: string, path: string): boolean {
  return method === 'POST' && withoutTrailingSlash(path) === '/api/orders'
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
