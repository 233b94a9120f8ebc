/**
 * The Stripe emulator as a program: `node process.ts '{"port":12111,"stateDir":".local/stripe",…}'`.
 *
 * Prints one JSON line: `{"ready":true,"url":…}` when ready, or `{"ready":false,"error":…}` before it exits with 1.
 * Ends with its parent, which must give it a pipe as standard input, and on SIGTERM, SIGINT and SIGHUP.
 */
import { exitWhenParentGoes } from '@shop/emulator-kit/parent-pipe'
import { type StripeOptions, startStripeEmulator } from './index.ts'

const starting = startStripeEmulator(JSON.parse(process.argv[2] ?? '{}') as StripeOptions)
// Registered before the start completes, so that a parent that ends meanwhile does not leave the emulator running.
exitWhenParentGoes(async () => {
  const stripe = await starting.catch(() => undefined)
  await stripe?.close()
})
try {
  const { url } = await starting
  console.log(JSON.stringify({ ready: true, url }))
} catch (error) {
  console.log(JSON.stringify({ ready: false, error: error instanceof Error ? error.message : String(error) }))
  process.exit(1)
}
