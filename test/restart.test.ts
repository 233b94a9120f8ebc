import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { LOCAL_STRIPE, UNCAPPED_BUYERS } from '@shop/local-environment/environment'
import { shopClient } from '@shop/testing/client'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import getPort from 'get-port'
import Stripe from 'stripe'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DEMO_CUSTOMER } from '../scripts/seed/accounts.ts'

const DEV = fileURLToPath(new URL('../scripts/dev.ts', import.meta.url))
const START_MS = 60_000
const KILLS = process.env.LONG ? 6 : 1
const PAID_BEFORE_A_KILL = 12

type Ports = { gateway: number; neon: number; stripe: number; upstash: number; status: number }
let directory: string
let ports: Ports
let running: ChildProcess | undefined

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shop-restart-'))
  ports = {
    gateway: await getPort(),
    neon: await getPort(),
    stripe: await getPort(),
    upstash: await getPort(),
    status: await getPort(),
  }
})
afterAll(async () => {
  if (running !== undefined) {
    const ended = new Promise((resolve) => running?.once('exit', resolve))
    running.kill('SIGTERM')
    await ended
  }
  await rm(directory, { recursive: true, force: true })
})

/** `npm run dev` as a user starts it, with orders that expire after a few seconds. */
async function startDev(): Promise<ChildProcess> {
  const env = {
    ...process.env,
    LOCAL_DIR: directory,
    PORT: String(ports.gateway),
    NEON_PORT: String(ports.neon),
    STRIPE_PORT: String(ports.stripe),
    UPSTASH_PORT: String(ports.upstash),
    STATUS_PORT: String(ports.status),
    HOLD_SECONDS: '8',
    HOLD_GRACE_SECONDS: '2',
    ATTEMPT_SECONDS: '2',
    ...UNCAPPED_BUYERS,
  }
  const child = spawn(process.execPath, [DEV], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const output: string[] = []
  await new Promise<void>((resolve, reject) => {
    const listen = (line: string) => {
      output.push(line)
      if (line.includes('The shop is open')) resolve()
    }
    if (child.stdout && child.stderr) {
      createInterface({ input: child.stdout }).on('line', listen)
      createInterface({ input: child.stderr }).on('line', listen)
    }
    child.once('exit', (code) => reject(new Error(`npm run dev ended with ${code}:\n${output.join('\n')}`)))
  })
  return child
}

/** Sends SIGKILL to the process and all its descendants, in whatever group or session. */
function killTree(root: number): void {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
  const parents = rows.map((row) => row.trim().split(/\s+/).map(Number))
  const tree = [root]
  for (const pid of tree) tree.push(...parents.flatMap(([child, parent]) => (parent === pid && child ? [child] : [])))
  for (const pid of tree) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has already exited.
    }
  }
}

type Acknowledged = { orders: Set<string>; paid: Set<string> }

/** Orders and pays, one after the other, until the shop is down; records what was acknowledged. */
async function buyUntilTheEnd(token: string, productId: number, seen: Acknowledged): Promise<void> {
  const { request } = shopClient(`http://127.0.0.1:${ports.gateway}`)
  try {
    for (;;) {
      const body = { items: [{ product_id: productId, quantity: 1 }] }
      const placed = await request('POST', '/api/orders', { token, body })
      if (placed.status !== 201) continue
      seen.orders.add(placed.body.order.id)
      const payment = { order_id: placed.body.order.id, payment_method: 'pm_card_visa' }
      const paid = await request('POST', '/api/payments', { token, body: payment })
      if (paid.status === 201 && paid.body.payment.status === 'succeeded') seen.paid.add(placed.body.order.id)
    }
  } catch (error) {
    // The connection is gone: the shop was killed.
    if (!(error instanceof TypeError)) throw error
  }
}

it(
  'loses nothing it has acknowledged when everything is killed in the middle of purchases',
  async () => {
    running = await startDev()
    const { request } = shopClient(`http://127.0.0.1:${ports.gateway}`)
    const { token } = (await request('POST', '/api/users/login', { body: DEMO_CUSTOMER })).body
    const [product] = (await request('GET', '/api/products?search=Merino&limit=1')).body.products
    if (product === undefined) throw new Error('The demo shop has no such product')

    const seen: Acknowledged = { orders: new Set(), paid: new Set() }
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const buyers = Array.from({ length: 4 }, () => buyUntilTheEnd(token, product.id, seen))
      await eventually(
        async () => seen.paid.size,
        (paid) => paid >= PAID_BEFORE_A_KILL * kill,
        START_MS,
      )
      const ended = new Promise((resolve) => running?.once('exit', resolve))
      killTree(running.pid ?? 0)
      await Promise.all([ended, ...buyers])
      running = await startDev()
    }

    const orders = await eventually(
      async () => {
        await fetch(`http://127.0.0.1:${ports.gateway}/cdn-cgi/handler/scheduled`)
        return allOrders(token)
      },
      (found) =>
        found.every(
          (order) => (order.status !== 'pending' && order.payment_status !== 'paid') || order.status === 'processing',
        ),
      60_000,
    )
    const byId = new Map(orders.map((order) => [order.id, order]))
    for (const id of seen.orders) expect(byId.has(id), `order ${id} was acknowledged`).toBe(true)
    for (const id of seen.paid) expect(byId.get(id)).toMatchObject({ status: 'processing', payment_status: 'paid' })

    const paid = orders.filter((order) => order.payment_status === 'paid')
    await expectMoneyOf(paid)
    const left = product.stock_quantity - paid.length
    await eventually(
      async () => (await request('GET', `/api/products/${product.id}`)).body.product.stock_quantity,
      (quantity) => quantity === left,
      10_000,
    )
  },
  KILLS * 180_000,
)

async function allOrders(token: string): Promise<OrderBody[]> {
  const { request } = shopClient(`http://127.0.0.1:${ports.gateway}`)
  const orders: OrderBody[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page = await request('GET', `/api/orders?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`, { token })
    orders.push(...page.body.orders)
    cursor = page.body.next_cursor
  }
  return orders
}

/** Stripe is the oracle: captured minus refunded equals the total of the paid orders, one PaymentIntent each. */
async function expectMoneyOf(paid: OrderBody[]): Promise<void> {
  const httpClient = Stripe.createFetchHttpClient()
  const stripe = new Stripe(LOCAL_STRIPE.secretKey, {
    host: '127.0.0.1',
    port: ports.stripe,
    protocol: 'http',
    httpClient,
  })
  const intents = await stripe.paymentIntents.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 })
  const refunds = await stripe.refunds.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 })
  const refunded = new Set(refunds.map((refund) => refund.payment_intent))
  const kept = intents.filter((intent) => intent.status === 'succeeded' && !refunded.has(intent.id))
  const captured = new Map(kept.map((intent) => [intent.metadata.order_id, intent.amount_received]))
  expect(captured.size).toBe(kept.length)
  expect(captured).toEqual(new Map(paid.map((order) => [order.id, Math.round(order.total_amount * 100)])))
}
