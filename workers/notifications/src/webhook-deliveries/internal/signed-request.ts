import { Webhook } from 'standardwebhooks'
import { bodyOf, type WebhookMessage } from '../domain/message.ts'

const USER_AGENT = 'edge-commerce-webhooks'

type SignedHeaders = Record<'content-type' | 'user-agent' | `webhook-${'id' | 'timestamp' | 'signature'}`, string>

/**
 * The headers and the body of a message, signed with each secret, so that a receiver may have any of them.
 *
 * Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 *
 * @param secrets the keys themselves
 */
export function signedRequest(
  message: WebhookMessage,
  secrets: readonly Uint8Array[],
  now: Date,
): { headers: SignedHeaders; body: string } {
  const body = JSON.stringify(bodyOf(message))
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': USER_AGENT,
      'webhook-id': message.id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': signaturesOf({ id: message.id, body, secrets, now }),
    },
  }
}

/** One signature for each secret, separated by spaces. */
export function signaturesOf(signed: { id: string; body: string; secrets: readonly Uint8Array[]; now: Date }): string {
  const { id, body, secrets, now } = signed
  return secrets.map((secret) => new Webhook(secret, { format: 'raw' }).sign(id, now, body)).join(' ')
}
