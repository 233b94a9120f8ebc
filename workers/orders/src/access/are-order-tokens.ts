import type { HashedToken } from '@shop/contracts/orders/rpc'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'

/** Whether tokens that have opened orders of guests, given by their hashes, are still accepted. */
export async function areOrderTokens(
  { tokens }: Pick<OrdersDeps, 'tokens'>,
  asked: readonly HashedToken[],
): Promise<Result<boolean[], never>> {
  return ok(await Promise.all(asked.map(({ orderId, tokenHash }) => tokens.hasHash(orderId, tokenHash))))
}
