/**
 * The Stripe emulator as a program: `node process.ts '{"port":12111,"stateDir":".local/stripe",…}'`.
 *
 * Prints one JSON line when it is ready, `{"ready":true,"url":…}`, or `{"ready":false,"error":…}` and exits with 1.
 * Ends on SIGTERM, on SIGINT, and when its standard input closes, which is when its parent is gone; a parent must
 * therefore give it a pipe as standard input.
 */
import { startStripeEmulator } from './index.ts'

type Settings = Parameters<typeof startStripeEmulator>[0]

try {
  const stripe = await startStripeEmulator(JSON.parse(process.argv[2] ?? '{}') as Settings)
  const end = () => void stripe.close().then(() => process.exit(0))
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
  process.stdin.once('close', end)
  process.stdin.resume()
  console.log(JSON.stringify({ ready: true, url: stripe.url }))
} catch (error) {
  console.log(JSON.stringify({ ready: false, error: error instanceof Error ? error.message : String(error) }))
  process.exit(1)
}
