import { LOCAL_MAIL, LOCAL_STRIPE } from '@shop/local-environment/environment'
import { signedHeaders } from '@shop/mail-emulator/webhooks/signature'
import { signature } from '@shop/stripe-emulator/webhooks/signature'

export type Signer = 'stripe' | 'resend'

/** The headers that prove who sent a webhook. */
export function signatureHeaders(signer: Signer, body: string): Record<string, string> {
  const timestamp = Math.floor(Date.now() / 1_000)
  if (signer === 'stripe') return { 'stripe-signature': signature(body, LOCAL_STRIPE.webhookSecret, timestamp) }
  return signedHeaders(body, LOCAL_MAIL.webhookSecret, { id: `msg_${crypto.randomUUID()}`, timestamp })
}
