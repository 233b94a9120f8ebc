import { createHmac } from 'node:crypto'

/** The `Stripe-Signature` header for a payload, https://docs.stripe.com/webhooks#verify-manually */
export function signature(payload: string, secret: string, timestamp: number): string {
  const mac = createHmac('sha256', secret).update(`${timestamp}.${payload}`).digest('hex')
  return `t=${timestamp},v1=${mac}`
}
