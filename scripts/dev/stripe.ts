import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { WEBHOOK_EVENTS } from '@shop/contracts/payments/webhook-events'
import { LOCAL_RESTRICTED_KEYS, LOCAL_STRIPE } from '@shop/local-environment/environment'

export type StripeProcess = { url: string; exited: Promise<void>; stop(): Promise<void> }

const PROGRAM = fileURLToPath(import.meta.resolve('@shop/stripe-emulator/process'))

/**
 * Starts the Stripe emulator in a child process that ends with this one.
 *
 * @throws Error with the child's message, such as a port in use
 */
export async function startStripeProcess(options: {
  port: number
  stateDir: string
  webhookUrl: string
}): Promise<StripeProcess> {
  const { port, stateDir, webhookUrl } = options
  const { secretKey, publishableKey, webhookSecret } = LOCAL_STRIPE
  const webhook = { url: webhookUrl, secret: webhookSecret, enabledEvents: WEBHOOK_EVENTS }
  const keys = { secretKey, publishableKey, restrictedKeys: LOCAL_RESTRICTED_KEYS }
  const settings = JSON.stringify({ port, stateDir, ...keys, webhook, control: true })
  const child = spawn(process.execPath, [PROGRAM, settings], { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
    exited.then(() => '{"ready":false,"error":"The Stripe emulator ended before it was ready."}'),
  ])
  const report = JSON.parse(line) as { ready: boolean; url?: string; error?: string }
  if (!report.ready || report.url === undefined) throw new Error(report.error)
  return {
    url: report.url,
    exited,
    stop: () => {
      child.stdin.end()
      return exited
    },
  }
}
