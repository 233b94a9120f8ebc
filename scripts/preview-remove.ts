import { parseArgs } from 'node:util'
import type Stripe from 'stripe'
import { inDeployOrder, queuesOf, readConfigs, type WorkerConfig } from './deploy/configs.ts'
import { complaintOf, type Wrangler, wrangler } from './deploy/wrangler.ts'
import { PREVIEW_CONFIGS, previewUrl, readPreview, writePreviewConfigs } from './preview-config.ts'
import { connectStripe, removeWebhook } from './setup-cloudflare/stripe-webhook.ts'

/** Cloudflare's messages for a worker or queue that does not exist. */
const ABSENT = /\[code: (10007|10090)\]|Queue ".+" does not exist/

/**
 * Removes a preview: callers before those they call, then the queues, then Stripe's endpoint. Skips what does not exist,
 * so it also removes an unfinished or half removed preview.
 */
export async function removePreview(
  configs: WorkerConfig[],
  options: { url: string; run: Wrangler; stripe: Stripe },
): Promise<void> {
  for (const { name } of configs) {
    // Removing production could not be undone.
    if (!/^shop-pr-\d+-/.test(name)) throw new Error(`${name} is not part of a preview; nothing was removed`)
  }
  const { url, run, stripe } = options
  // Without --force wrangler keeps a worker that others are bound to or that consumes a queue.
  for (const { name, path } of configs.toReversed()) await remove(name, ['delete', '-c', path, '--force'], run)
  for (const queue of queuesOf(configs)) await remove(queue, ['queues', 'delete', queue], run)
  console.log(`Webhook endpoints removed: ${await removeWebhook(stripe, url)}`)
}

async function remove(what: string, args: string[], run: Wrangler): Promise<void> {
  const answer = await run(args)
  if (answer.code !== 0 && !ABSENT.test(answer.stdout + answer.stderr)) {
    throw new Error(`Cannot remove ${what}:\n${complaintOf(answer)}`)
  }
  console.log(answer.code === 0 ? `${what}: removed` : `${what}: did not exist`)
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
