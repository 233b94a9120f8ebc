import type { OrderCredentials } from '@shop/contracts/orders/access'
import { hasScope } from '@shop/kernel/access'
import { sha256Hex } from '@shop/kernel/hash'
import { addSeconds } from '@shop/kernel/time'
import type { Credential } from './listener.ts'
import { orderIdsIn } from './topic.ts'

const TICKET_SECONDS = 60

/** The right to open one connection, as it is stored. */
export type LiveTicket = {
  tokenHash: string
  topics: string[]
  credential: Credential | undefined
  expiresAt: Date
}

export const ticketExpiry = (now: Date): Date => addSeconds(now, TICKET_SECONDS)

/** The scope by which staff and API keys listen to orders. */
export const ORDERS_SCOPE = 'orders:read'

/**
 * What a connection ends with. Topics that anybody may listen to need nothing, so it is undefined for them.
 *
 * @param topics of which the caller may see all
 */
export async function credentialOf(
  { caller, orderToken }: OrderCredentials,
  topics: readonly string[],
): Promise<Credential | undefined> {
  const [orderId] = orderIdsIn(topics)
  if (orderId === undefined) return undefined
  if (caller.kind === 'user' && caller.sessionId !== undefined) {
    return { kind: 'session', userId: caller.userId, sessionId: caller.sessionId }
  }
  if (caller.kind === 'key' && hasScope(caller, ORDERS_SCOPE)) return { kind: 'api_key', keyId: caller.keyId }
  // A token opens one order, so there is only one.
  return orderToken ? { kind: 'order_token', orderId, tokenHash: await sha256Hex(orderToken) } : undefined
}
