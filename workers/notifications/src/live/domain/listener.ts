import type { ApiKeyId, OrderId, SessionId, UserId } from '@shop/kernel/ids'

/** What gave the right to listen to orders. The connection ends with it. */
export type Credential = ListenerSession | ListenerKey | ListenerToken
export type ListenerSession = { kind: 'session'; userId: UserId; sessionId: SessionId }
export type ListenerKey = { kind: 'api_key'; keyId: ApiKeyId }
export type ListenerToken = { kind: 'order_token'; orderId: OrderId; tokenHash: string }

/** Who opens a connection: the topics of the ticket, sorted, and what it was made with. Stock alone needs nothing. */
export type Listener = {
  topics: string[]
  credential: Credential | undefined
  /** Of the last message that the client got before. */
  lastEventId: string | undefined
}

/** A connection, as it is attached to its socket. `openedAt` in milliseconds. */
export type Connection = Omit<Listener, 'lastEventId'> & { openedAt: number }

/** In which a connection's listener gets to the object that keeps it. Only this worker can send it. */
export const LISTENER_HEADER = 'x-shop-listener'

/** Close codes of the shop; 4000 to 4999 are for applications (RFC 6455, 7.4.2). */
export const CLOSE = {
  /** The client has closed it (RFC 6455, 7.4.1). */
  answered: 1000,
  /** It was open for a day: connect again. */
  renew: 4000,
  /** The session, API key or order token that it was opened with has ended. */
  accessEnded: 4001,
  /** It sent something other than `ping`. */
  unexpectedMessage: 4002,
} as const

const HOUR_MS = 3_600_000
/** How long messages are kept, and topics listened to, after their last listener has left. */
export const KEPT_MS = HOUR_MS
/** A connection is closed at most so long after its credential has ended, and some seconds of the alarm. */
export const CHECK_CREDENTIALS_EVERY_MS = 45_000
/** A client connects again with a new ticket, so that its rights are checked once a day. */
export const LONGEST_CONNECTION_MS = 24 * HOUR_MS
