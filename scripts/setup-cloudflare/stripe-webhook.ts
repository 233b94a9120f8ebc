import { WEBHOOK_EVENTS } from '@shop/contracts/payments/webhook-events'
import Stripe from 'stripe'

/** Marks endpoints that this script created and may remove. */
const MARK = { made_by: 'setup:cloudflare' }

const webhookUrl = (shopUrl: string): string => new URL('/api/webhooks/stripe', shopUrl).href

/**
 * Creates the endpoint to which Stripe sends its events. Stripe returns the signing secret only once, so an endpoint of an
 * earlier run whose secret was not stored is replaced.
 *
 * @returns the signing secret
 * @throws Error when an endpoint exists that this script did not create
 */
export async function createWebhook(stripe: Stripe, shopUrl: string): Promise<string> {
  for (const endpoint of await endpointsOf(stripe, shopUrl)) {
    if (endpoint.metadata.made_by !== MARK.made_by) {
      throw new Error(
        `Stripe already has a webhook endpoint for ${endpoint.url}. ` +
          'Set its signing secret as STRIPE_WEBHOOK_SECRET, or delete the endpoint.',
      )
    }
    await stripe.webhookEndpoints.del(endpoint.id)
  }
  const { secret } = await stripe.webhookEndpoints.create({
    url: webhookUrl(shopUrl),
    enabled_events: [...WEBHOOK_EVENTS],
    // The version of the payments worker's SDK, whatever the account's default is.
    api_version: Stripe.API_VERSION,
    description: 'The shop',
    metadata: MARK,
  })
  if (secret === undefined) throw new Error('Stripe created a webhook endpoint without returning its secret')
  return secret
}

/** Removes what `createWebhook` created. */
export async function removeWebhook(stripe: Stripe, shopUrl: string): Promise<number> {
  const ours = (await endpointsOf(stripe, shopUrl)).filter(({ metadata }) => metadata.made_by === MARK.made_by)
  for (const { id } of ours) await stripe.webhookEndpoints.del(id)
  return ours.length
}

async function endpointsOf(stripe: Stripe, shopUrl: string): Promise<Stripe.WebhookEndpoint[]> {
  const url = webhookUrl(shopUrl)
  const found: Stripe.WebhookEndpoint[] = []
  for await (const endpoint of stripe.webhookEndpoints.list({ limit: 100 })) {
    if (endpoint.url === url) found.push(endpoint)
  }
  return found
}

/** @param apiBase an endpoint other than Stripe's, for tests */
export function connectStripe(secretKey: string, apiBase: string | undefined): Stripe {
  if (!apiBase) return new Stripe(secretKey)
  const { protocol, hostname, port } = new URL(apiBase)
  return new Stripe(secretKey, { host: hostname, port, protocol: protocol === 'http:' ? 'http' : 'https' })
}
