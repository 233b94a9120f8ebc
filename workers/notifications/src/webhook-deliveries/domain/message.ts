import type { EventType, ShopEvent } from '@shop/contracts/events/catalogue'
import { derivedId } from '@shop/kernel/derived-id'
import type { WebhookMessageId } from '@shop/kernel/ids'
import type { EventSourceName } from '../../mails/domain/mail.ts'
import { webhookData } from './event-data.ts'

/** What staff send to try an endpoint; no event of the shop. */
export const TEST_TYPE = 'webhook.test'

/** An event as webhook endpoints get it. */
export type WebhookMessage = {
  id: WebhookMessageId
  type: EventType | typeof TEST_TYPE
  /** Messages of a key are sent in order. Absent in a test. */
  key: string | undefined
  /** Orders the messages of a key. */
  position: number
  sequence: number
  data: Record<string, unknown>
  occurredAt: Date
}

/**
 * The message of an event. Its id is the same each time, and another one than those of all other events, also of events that a
 * database which was restored counts from an earlier number.
 *
 * @throws Error for an amount without a currency
 */
export async function messageOf(source: EventSourceName, event: ShopEvent): Promise<WebhookMessage> {
  const { id: position, type, key, sequence, payload, createdAt: occurredAt } = event
  const id = await derivedId('webhookMessage', `${source}/${position}/${occurredAt.toISOString()}`)
  return { id, type, key, position, sequence, data: webhookData(payload), occurredAt }
}

export const testMessage = (id: WebhookMessageId, endpointId: string, now: Date): WebhookMessage => ({
  ...{ id, type: TEST_TYPE, key: undefined, position: 0, sequence: 1 },
  data: { webhook_endpoint_id: endpointId },
  occurredAt: now,
})

/** The members of the body, in the order in which they are sent. JSON leaves out an undefined key. */
export function bodyOf({ type, occurredAt, id, sequence, key, data }: WebhookMessage) {
  const timestamp = occurredAt.toISOString()
  return { type, timestamp, id, sequence, key, data }
}
