import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Stripe from 'stripe'
import { onTestFinished, vi } from 'vitest'
import { type StripeEmulator, type StripeOptions, startStripeEmulator } from '../src/index.ts'

// Nothing here sleeps, but a busy machine may take its time to start processes and to retry webhooks.
vi.setConfig({ testTimeout: 30_000 })

export const SECRET_KEY = 'sk_test_local'
export const PUBLISHABLE_KEY = 'pk_test_local'
export const WEBHOOK_SECRET = 'whsec_local'

/** What a card payment needs to be confirmed by a server without a page to return to. */
export const CARD_ONLY = { automatic_payment_methods: { enabled: true, allow_redirects: 'never' } } as const

/** The real SDK, pointed at an emulator as the workers point it. */
export function sdk(at: { host: string; port: number }, settings: Partial<Stripe.StripeConfig> = {}): Stripe {
  return new Stripe(SECRET_KEY, {
    host: at.host,
    port: at.port,
    protocol: 'http',
    httpClient: Stripe.createFetchHttpClient(),
    telemetry: false,
    ...settings,
  })
}

/** An emulator for one test, closed when it ends. */
export async function startEmulator(
  options: Partial<StripeOptions> = {},
): Promise<{ server: StripeEmulator; stripe: Stripe }> {
  const server = await startStripeEmulator({ secretKey: SECRET_KEY, publishableKey: PUBLISHABLE_KEY, ...options })
  onTestFinished(() => server.close())
  return { server, stripe: sdk(server) }
}

/** A header of the answer; the fetch client keeps them as web Headers, whatever the SDK's types say. */
export function header(answer: { lastResponse: { headers: object } }, name: string): string | null {
  return new Headers(answer.lastResponse.headers as Headers).get(name)
}

/** The error a promise rejects with. */
export async function refusal(promise: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error
    throw error
  }
  throw new Error('It was not refused')
}

/** What the error said about the payment intent; the SDK types the error's fields loosely. */
export function intentIn(error: Stripe.errors.StripeError): Stripe.PaymentIntent {
  if (!error.payment_intent) throw new Error(`No payment_intent in: ${error.message}`)
  return error.payment_intent
}

export async function until<T>(look: () => T | Promise<T>, what: string, withinMs = 10_000): Promise<NonNullable<T>> {
  const end = Date.now() + withinMs
  for (;;) {
    const seen = await look()
    if (seen) return seen
    if (Date.now() > end) throw new Error(`Waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

export interface Received {
  payload: string
  signature: string
  event: Stripe.Event
}

/** A webhook receiver that answers what `answers` says, then 200. */
export async function receiver(port = 0) {
  const received: Received[] = []
  const answers: number[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const payload = Buffer.concat(chunks).toString()
    received.push({ payload, signature: String(request.headers['stripe-signature']), event: JSON.parse(payload) })
    response.writeHead(answers.shift() ?? 200).end()
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
  onTestFinished(async () => {
    if (server.listening) await close()
  })
  const at = (server.address() as AddressInfo).port
  return {
    received,
    answers,
    port: at,
    target: { url: `http://127.0.0.1:${at}/webhooks`, secret: WEBHOOK_SECRET },
    close,
    types: () => received.map(({ event }) => event.type),
    of: (type: string) => received.filter(({ event }) => event.type === type),
  }
}
