import type { OrderTokenMail } from '@shop/contracts/orders/order-mail'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'

/** The tokens of guests' orders that were asked for. They are derived, so a mail that is sent again has the same link. */
export async function orderTokenMails(
  deps: Pick<OrdersDeps, 'tokenRequests' | 'tokens' | 'now'>,
  { eventIds }: { eventIds: number[] },
): Promise<Result<OrderTokenMail[], never>> {
  const asked = await deps.tokenRequests.listAsked(eventIds, deps.now())
  return ok(await Promise.all(asked.map(async (one) => ({ ...one, token: await deps.tokens.of(one.orderId) }))))
}
