import type { WebhookMessageId } from '@shop/kernel/ids'
import { sql } from 'drizzle-orm'
import type { EndpointResponse, PastAttempt } from '../domain/delivery.ts'
import type { WebhookMessage } from '../domain/message.ts'

export type MessageJson = {
  id: string
  type: string
  key: string | null
  position: number
  sequence: number
  data: Record<string, unknown>
  occurred_at: string
}

/** A {@link MessageJson} of the table as `m`. */
export const MESSAGE_JSON = sql.raw('to_jsonb(m)')

/** Only ids and types of these types are ever written. */
export function toMessage({ occurred_at, key, ...message }: MessageJson): WebhookMessage {
  return {
    ...message,
    id: message.id as WebhookMessageId,
    type: message.type as WebhookMessage['type'],
    key: key ?? undefined,
    occurredAt: new Date(occurred_at),
  }
}

/** An attempt in the column `history`. */
export type AttemptJson = {
  started_at: string
  url: string
  response: EndpointResponse | null
  duration_ms: number
  failure: string | null
}

export const toAttemptJson = ({ startedAt, url, response, durationMs, failure }: PastAttempt): AttemptJson => ({
  ...{ started_at: startedAt.toISOString(), url, response: response ?? null },
  ...{ duration_ms: durationMs, failure: failure ?? null },
})

export const toAttempt = ({ started_at, url, response, duration_ms, failure }: AttemptJson): PastAttempt => ({
  ...{ startedAt: new Date(started_at), url, response: response ?? undefined },
  ...{ durationMs: duration_ms, failure: failure ?? undefined },
})
