import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { putFile } from './put-file.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const ENTRY = join(ROOT, 'node_modules/stripe/esm/stripe.esm.worker.js')

/** What the payments worker's bundle takes for `stripe` ([alias] in its wrangler.toml). */
export const SLIM_STRIPE = join(ROOT, 'node_modules/.cache/shop/stripe.js')

/** The parts of Stripe's API that the payments worker calls; the others are most of the SDK. */
export const USED_RESOURCES = ['Customers', 'PaymentIntents', 'PaymentMethods', 'Refunds'] as const

/**
 * Writes the stripe SDK without the resources nobody here calls, a fifth of its size: what a worker has to load counts
 * against its start. The SDK makes each of its resources in its constructor, so bundlers cannot tell which are needed.
 *
 * What is left out is there as an empty class; calling one of its methods is a TypeError, which the type check cannot see.
 */
export async function writeSlimStripe(): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'inline',
    write: false,
    plugins: [usedOnly],
  })
  await putFile(SLIM_STRIPE, outputFiles[0]?.contents ?? new Uint8Array())
}

const LEFT_OUT = 'left-out'

const usedOnly: Plugin = {
  name: 'used resources only',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/(resources(\/.*)?|StripeEventNotificationHandler)\.js$/ }, ({ path }) =>
      USED_RESOURCES.some((resource) => path === `./resources/${resource}.js`)
        ? undefined
        : { path, namespace: LEFT_OUT },
    )
    // CommonJS, since then nobody has to say which names it exports: each is an empty class. By way of its prototype,
    // because that is what is kept of it where it is imported.
    onLoad({ filter: /.*/, namespace: LEFT_OUT }, () => ({
      contents: 'module.exports = Object.create(new Proxy({}, { get: () => class {} }))',
      loader: 'js',
    }))
  },
}

if (import.meta.main) await writeSlimStripe()
