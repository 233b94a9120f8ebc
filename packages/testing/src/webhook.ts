import { LOCAL_STRIPE } from '@shop/local-environment/environment'
import { signature } from '@shop/stripe-emulator/webhooks/signature'
import type { Reply, ShopClient } from './client.ts'

export type WebhookOptions = {
  secret?: string
  /** The offset of the signature's timestamp from now, in seconds. */
  signedAgo?: number
  /** Sent in place of the signed body. */
  sentBody?: string
  headers?: Record<string, string>
}

/** Delivers an event as Stripe would, or as a forger would. */
export function deliverWebhook(client: ShopClient, event: object, options: WebhookOptions = {}): Promise<Reply> {
  const body = JSON.stringify(event)
  const signedAt = Math.floor(Date.now() / 1_000) - (options.signedAgo ?? 0)
  return client.request('POST', '/api/webhooks/stripe', {
    rawBody: options.sentBody ?? body,
    headers: {
      ...options.headers,
      'content-type': 'application/json; charset=utf-8',
      'stripe-signature': signature(body, options.secret ?? LOCAL_STRIPE.webhookSecret, signedAt),
    },
  })
}

/** An event about a PaymentIntent, with a fresh id by default. */
export function intentEvent(type: string, intent: object, id = `evt_${crypto.randomUUID()}`): object {
  const created = Math.floor(Date.now() / 1_000)
  return { id, object: 'event', type: `payment_intent.${type}`, created, livemode: false, data: { object: intent } }
}
