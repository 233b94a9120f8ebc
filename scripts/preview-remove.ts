import { parseArgs } from 'node:util'
import type Stripe from 'stripe'
import { inDeployOrder, queuesOf, readConfigs, type WorkerConfig } from './deploy/configs.ts'
import { complaintOf, type Wrangler, wrangler } from './deploy/wrangler.ts'
import { PREVIEW_CONFIGS, previewUrl, readPreview, writePreviewConfigs } from './preview-config.ts'
import { connectStripe, removeWebhook } from './setup-cloudflare/stripe-webhook.ts'

/** What Cloudflare says of something that is not there: a worker, a queue. */
const ABSENT = /\[code: (10007|10090)\]|Queue ".+" does not exist/

/**
 * Removes a preview: callers before those they call, then the queues, then Stripe's endpoint. What is gone already is
 * passed over, so a preview that was never finished, or half removed, goes too.
 */
export async function removePreview(
  configs: WorkerConfig[],
  options: { url: string; run: Wrangler; stripe: Stripe },
): Promise<void> {
  for (const { name } of configs) {
    // Of all mistakes, this one could not be undone.
    if (!/^shop-pr-\d+-/.test(name)) throw new Error(`${name} is not of a preview; nothing was removed`)
  }
  const { url, run, stripe } = options
  // --force: a worker that others are bound to, or that consumes a queue, would be kept.
  for (const { name, path } of configs.toReversed()) await remove(name, ['delete', '-c', path, '--force'], run)
  for (const queue of queuesOf(configs)) await remove(queue, ['queues', 'delete', queue], run)
  console.log(`Webhook endpoints removed: ${await removeWebhook(stripe, url)}`)
}

async function remove(what: string, args: string[], run: Wrangler): Promise<void> {
  const answer = await run(args)
  if (answer.code !== 0 && !ABSENT.test(answer.stdout + answer.stderr)) {
    throw new Error(`${what} could not be removed:\n${complaintOf(answer)}`)
  }
  console.log(answer.code === 0 ? `${what}: removed` : `${what}: was not there`)
}

if (import.meta.main) {
  const { positionals } = parseArgs({ allowPositionals: true })
  try {
    const preview = readPreview(positionals[0], process.env)
    const { STRIPE_SECRET_KEY, STRIPE_API_BASE } = process.env
    if (!STRIPE_SECRET_KEY) throw new Error('STRIPE_SECRET_KEY must be set')
    await writePreviewConfigs(preview, PREVIEW_CONFIGS)
    await removePreview(inDeployOrder(readConfigs(PREVIEW_CONFIGS)), {
      url: previewUrl(preview),
      run: wrangler,
      stripe: connectStripe(STRIPE_SECRET_KEY, STRIPE_API_BASE),
    })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
