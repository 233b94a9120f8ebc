import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Stripe from 'stripe'
import { onTestFinished, vi } from 'vitest'
import { type StripeEmulator, type StripeOptions, startStripeEmulator } from '../src/index.ts'

// A busy machine needs time to start processes and to retry webhooks.
vi.setConfig({ testTimeout: 30_000 })

export const SECRET_KEY = 'sk_test_local'
export const PUBLISHABLE_KEY = 'pk_test_local'
export const WEBHOOK_SECRET = 'whsec_local'

/** Lets a server confirm a card payment without a return_url. */
export const CARD_ONLY = { automatic_payment_methods: { enabled: true, allow_redirects: 'never' } } as const

/** The real SDK for an emulator. */
export function sdk(
  at: { host: string; port: number },
  settings: Partial<Stripe.StripeConfig> = {},
  key = SECRET_KEY,
): Stripe {
  return new Stripe(key, {
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

/** A header of the answer. The fetch client stores web Headers, contrary to the SDK's types. */
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
  throw new Error('The request was not refused')
}

/** The payment intent in the error. The SDK types it as optional. */
export function intentIn(error: Stripe.errors.StripeError): Stripe.PaymentIntent {
  if (!error.payment_intent) throw new Error(`No payment_intent in: ${error.message}`)
  return error.payment_intent
}

/** Polls until `read` returns a truthy value. @throws Error naming `what` after `withinMs` */
export async function until<T>(read: () => T | Promise<T>, what: string, withinMs = 10_000): Promise<NonNullable<T>> {
  const end = Date.now() + withinMs
  for (;;) {
    const value = await read()
    if (value) return value
    if (Date.now() > end) throw new Error(`Timed out waiting for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

export interface Received {
  payload: string
  signature: string
  event: Stripe.Event
}

/** A webhook receiver. It answers the statuses in `answers` and then 200. */
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
