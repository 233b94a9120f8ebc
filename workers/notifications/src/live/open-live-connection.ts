import type { InvalidTicket } from '@shop/contracts/notifications/failures'
import { sha256Hex } from '@shop/kernel/hash'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { NotificationsDeps } from '../deps.ts'

/**
 * Uses a ticket to open a connection, which begins with what the client missed since `lastEventId`.
 *
 * @returns the client's end of its socket
 * @throws Unavailable when the object of the topic does not answer; the ticket is used then
 */
export async function openLiveConnection(
  { live, liveTopics, now }: Pick<NotificationsDeps, 'live' | 'liveTopics' | 'now'>,
  { ticket, lastEventId }: { ticket: string; lastEventId: string | undefined },
): Promise<Result<WebSocket, InvalidTicket>> {
  const used = await live.use(await sha256Hex(ticket), now())
  if (used === undefined) return fail({ code: 'invalid_ticket' })
  return ok(await liveTopics.connect({ ...used, lastEventId }))
}
