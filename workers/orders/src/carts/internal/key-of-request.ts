import { sha256Hex } from '@shop/kernel/hash'
import type { OrdersDeps } from '../../deps.ts'
import type { RequestKey } from '../domain/request-key.ts'

/**
 * The key under which a cart knows that a request was applied. A request without one gets one of its own, since a call of an
 * object may run twice.
 *
 * @param request everything that a repetition must repeat
 */
export async function keyOfRequest(
  { newClaim }: Pick<OrdersDeps, 'newClaim'>,
  operation: string,
  { idempotencyKey, request }: { idempotencyKey: string | undefined; request: unknown },
): Promise<RequestKey> {
  const requestHash = await sha256Hex(JSON.stringify([operation, request]))
  return { key: idempotencyKey === undefined ? `once:${newClaim()}` : `sent:${idempotencyKey}`, requestHash }
}
