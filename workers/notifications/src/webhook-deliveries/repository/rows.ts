import type { WebhookMessageId } from '@shop/kernel/ids'
import { sql } from 'drizzle-orm'
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
