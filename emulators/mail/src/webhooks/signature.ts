import { createHmac } from 'node:crypto'

/**
 * The headers of a signed webhook.
 *
 * Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 *
 * @param secret `whsec_` and a key in base64
 * @param timestamp seconds since the epoch
 */
export function signedHeaders(body: string, secret: string, { id, timestamp }: { id: string; timestamp: number }) {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'svix-id': id, 'svix-timestamp': String(timestamp), 'svix-signature': `v1,${mac}` }
}
