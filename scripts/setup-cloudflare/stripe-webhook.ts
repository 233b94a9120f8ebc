import { WEBHOOK_EVENTS } from '@shop/contracts'
import Stripe from 'stripe'

/** Marks endpoints that this script made, and so may remove. */
const MARK = { made_by: 'setup:cloudflare' }

export const webhookUrl = (shopUrl: string): string => new URL('/api/webhooks/stripe', shopUrl).href

/**
 * Makes the endpoint to which Stripe sends its events. Stripe tells the signing secret once, in the answer: an endpoint
 * of an earlier run whose secret was not stored is of no use, and is replaced.
 *
 * @returns the signing secret
 * @throws Error when there is an endpoint that somebody else made, whose secret only they can give
 */
export async function createWebhook(stripe: Stripe, shopUrl: string): Promise<string> {
  for (const endpoint of await endpointsOf(stripe, shopUrl)) {
    if (endpoint.metadata.made_by !== MARK.made_by) {
      throw new Error(
        `Stripe has a webhook endpoint for ${endpoint.url} already. ` +
          'Give its signing secret as STRIPE_WEBHOOK_SECRET, or remove it.',
      )
    }
    await stripe.webhookEndpoints.del(endpoint.id)
  }
  const { secret } = await stripe.webhookEndpoints.create({
    url: webhookUrl(shopUrl),
    enabled_events: [...WEBHOOK_EVENTS],
    // Events then look as the payments worker's SDK expects, whatever the account's default is.
    api_version: Stripe.API_VERSION,
    description: 'The shop',
    metadata: MARK,
  })
  if (secret === undefined) throw new Error('Stripe made a webhook endpoint without telling its secret')
  return secret
}

/** Removes what `createWebhook` made. */
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

/** @param apiBase another place than Stripe itself, for tests */
export function connectStripe(secretKey: string, apiBase: string | undefined): Stripe {
  if (!apiBase) return new Stripe(secretKey)
  const { protocol, hostname, port } = new URL(apiBase)
  return new Stripe(secretKey, { host: hostname, port, protocol: protocol === 'http:' ? 'http' : 'https' })
}
