import type { OrderNotFound } from '@shop/contracts'
import { fail, type Result, type ServiceUnavailable } from '@shop/kernel'

/** Failures that another attempt can resolve. */
type Unresolved = { code: 'order_changed' | 'not_yet' | 'service_unavailable' }

/** For payments, which retry: maps unresolved failures to `service_unavailable`. */
export function retryable<T>(
  result: Result<T, OrderNotFound | Unresolved>,
): Result<T, OrderNotFound | ServiceUnavailable> {
  if (result.ok) return result
  return fail(result.failure.code === 'order_not_found' ? result.failure : { code: 'service_unavailable' })
}
