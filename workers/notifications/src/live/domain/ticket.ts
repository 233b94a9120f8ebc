import type { Caller } from '@shop/kernel/caller'
import { addSeconds } from '@shop/kernel/time'
import type { ListenerSession } from './listener.ts'

const TICKET_SECONDS = 60

/** The right to open one connection, as it is stored. */
export type LiveTicket = {
  tokenHash: string
  topics: string[]
  session: ListenerSession | undefined
  expiresAt: Date
}

export const ticketExpiry = (now: Date): Date => addSeconds(now, TICKET_SECONDS)

/** The session that a connection ends with. Guests, API keys and anonymous callers have none. */
export function sessionOf(caller: Caller): ListenerSession | undefined {
  if (caller.kind !== 'user' || caller.sessionId === undefined) return undefined
  return { userId: caller.userId, sessionId: caller.sessionId }
}
