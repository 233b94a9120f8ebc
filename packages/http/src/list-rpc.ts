import { fail, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { ListCall } from './join-calls.ts'

/**
 * A method of an RPC contract that answers a list of requests, as a list call. When the whole call fails, each request has
 * failed.
 */
export function forEachAnswer<Q, T, F>(
  method: (requests: Q[]) => Promise<Result<Result<T, F>[], ServiceUnavailable>>,
): ListCall<Q, Result<T, F | ServiceUnavailable>> {
  return async (requests) => {
    const answers = await method(requests)
    const missing = fail({ code: 'service_unavailable' } as const)
    return requests.map((_, index) => (answers.ok ? (answers.value[index] ?? missing) : answers))
  }
}
