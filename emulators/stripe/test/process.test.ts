import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startStripeEmulator } from '../src/index.ts'
import { CARD_ONLY, header, receiver, refusal, SECRET_KEY, sdk, until } from './support.ts'

const PROGRAM = new URL('../src/process.ts', import.meta.url).pathname
const paid = { amount: 5000, currency: 'usd', confirm: true, payment_method: 'pm_card_visa', ...CARD_ONLY }

const DAY_MS = 24 * 3600 * 1000

async function move(url: string, advance_ms: number): Promise<void> {
  const moved = await fetch(`${url}/_control/clock`, { method: 'POST', body: JSON.stringify({ advance_ms }) })
  expect(moved.status).toBe(200)
}

async function stateDirectory(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'stripe-emulator-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

async function start(settings: object) {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify({ secretKey: SECRET_KEY, ...settings })], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => kill(child))
  const [line] = await once(createInterface(child.stdout), 'line')
  const report = JSON.parse(line) as { ready: boolean; url: string; error?: string }
  if (!report.ready) throw new Error(report.error)
  const { hostname: host, port } = new URL(report.url)
  return { child, url: report.url, stripe: sdk({ host, port: Number(port) }) }
}

async function kill(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}

describe('the emulator as a process', () => {
  it('keeps every answered change and queued webhook when killed', async () => {
    const stateDir = await stateDirectory()
    const down = await receiver()
    await down.close()
    const before = await start({ stateDir, webhook: down.target })
    const succeeded = await before.stripe.paymentIntents.create(paid, { idempotencyKey: 'pay-1' })
    const { id } = await before.stripe.paymentIntents.create({ ...paid, confirm: false })
    const declined = { payment_method: 'pm_card_chargeDeclined' }
    await refusal(before.stripe.paymentIntents.confirm(id, declined, { idempotencyKey: 'pay-2' }))
    const refund = await before.stripe.refunds.create({ payment_intent: succeeded.id, amount: 100 })
    await kill(before.child)

    const endpoint = await receiver(down.port)
    const after = await start({ stateDir, webhook: endpoint.target })
    expect(await after.stripe.paymentIntents.retrieve(succeeded.id)).toEqual(succeeded)
    expect((await after.stripe.paymentIntents.retrieve(id)).last_payment_error?.code).toBe('card_declined')
    expect(await after.stripe.refunds.retrieve(refund.id)).toMatchObject({ amount: 100 })
    const replayed = await after.stripe.paymentIntents.create(paid, { idempotencyKey: 'pay-1' })
    expect(replayed.id).toBe(succeeded.id)
    expect(header(replayed, 'Idempotent-Replayed')).toBe('true')
    const again = await refusal(after.stripe.paymentIntents.confirm(id, declined, { idempotencyKey: 'pay-2' }))
    expect(again.statusCode).toBe(402)

    const events = await after.stripe.events.list({ limit: 100 })
    await until(
      () => new Set(endpoint.received.map(({ event }) => event.id)).size === events.data.length,
      'all webhooks',
    )
    expect(endpoint.of('payment_intent.succeeded')[0]?.event).toMatchObject({ data: { object: { id: succeeded.id } } })
  })

  it('keeps every acknowledged payment exactly once when killed repeatedly under load', async () => {
    const stateDir = await stateDirectory()
    const endpoint = await receiver()
    const acknowledged = new Map<string, string>()
    for (let round = 0; round < 3; round++) {
      const { child, stripe } = await start({ stateDir, webhook: endpoint.target })
      const earlier = acknowledged.size
      const settled: Promise<unknown>[] = []
      for (let i = 0; i < 60; i++) {
        const idempotencyKey = `payment-${round}-${i}`
        const pay = stripe.paymentIntents.create(paid, { idempotencyKey, maxNetworkRetries: 0 })
        settled.push(pay.then(({ id }) => acknowledged.set(idempotencyKey, id)).catch(() => undefined))
      }
      await until(() => acknowledged.size >= earlier + 5, 'some answers')
      await kill(child)
      await Promise.all(settled)
    }
    const { stripe } = await start({ stateDir, webhook: endpoint.target })
    expect(acknowledged.size).toBeGreaterThanOrEqual(15)
    for (let attempt = 0; attempt < 180; attempt++) {
      const idempotencyKey = `payment-${Math.floor(attempt / 60)}-${attempt % 60}`
      const { id } = await stripe.paymentIntents.create(paid, { idempotencyKey })
      expect(id).toBe(acknowledged.get(idempotencyKey) ?? id)
    }
    const all = await stripe.paymentIntents.list({ limit: 100 }).autoPagingToArray({ limit: 1000 })
    expect(all).toHaveLength(180)
    await until(() => {
      const notified = new Set(
        endpoint.of('payment_intent.succeeded').map(({ event }) => (event.data.object as { id: string }).id),
      )
      return all.every(({ id }) => notified.has(id))
    }, 'a webhook for each payment')
    expect(all.every(({ status, latest_charge }) => status === 'succeeded' && latest_charge !== null)).toBe(true)
  })

  it('expires authorizations by the moved clock after it was killed', async () => {
    const stateDir = await stateDirectory()
    const before = await start({ stateDir, control: true })
    const { id } = await before.stripe.paymentIntents.create({ ...paid, capture_method: 'manual' })
    await move(before.url, 6 * DAY_MS)
    await kill(before.child)

    const after = await start({ stateDir, control: true })
    expect((await after.stripe.paymentIntents.retrieve(id)).status).toBe('requires_capture')
    await move(after.url, DAY_MS)
    const expired = await after.stripe.paymentIntents.retrieve(id)
    expect(expired).toMatchObject({ status: 'canceled', cancellation_reason: 'automatic' })
    expect(expired.canceled_at).toBeGreaterThan(Date.now() / 1000 + 6 * 24 * 3600)
  })

  it('lets other processes perform the actions of a bank', async () => {
    const { url, stripe } = await start({ control: true })
    const control = async (method: string, path: string, body: object) => {
      const answer = await fetch(`${url}/_control/${path}`, { method, body: JSON.stringify(body) })
      return (await answer.json()) as Record<string, unknown>
    }
    const { id, latest_charge } = await stripe.paymentIntents.create({
      ...paid,
      payment_method: 'pm_card_pendingRefund',
    })
    const refund = await stripe.refunds.create({ payment_intent: id, amount: 100 })
    expect(await control('POST', 'settle_refund', { refund: refund.id, outcome: 'fail' })).toMatchObject({
      status: 'failed',
    })
    const dispute = await control('POST', 'open_dispute', { charge: latest_charge, amount: 60, reason: 'duplicate' })
    expect(dispute).toMatchObject({ object: 'dispute', amount: 60, reason: 'duplicate' })
    expect(await control('POST', 'close_dispute', { dispute: dispute.id, outcome: 'won' })).toMatchObject({
      status: 'won',
    })
    expect(await control('POST', 'close_dispute', { dispute: dispute.id, outcome: 'drawn' })).toHaveProperty('error')

    await control('PUT', 'search', { lag_seconds: 60 })
    expect((await stripe.paymentIntents.search({ query: "currency:'usd'" })).data).toEqual([])
    await control('PUT', 'rate_limit', { per_second: 1 })
    const tries = Array.from({ length: 3 }, () => stripe.balance.retrieve({}, { maxNetworkRetries: 0 }))
    expect((await Promise.allSettled(tries)).map(({ status }) => status)).toContain('rejected')
    await control('PUT', 'rate_limit', {})
    expect(await stripe.balance.retrieve()).toMatchObject({ object: 'balance' })
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('ends on %s', async (signal) => {
    const { child } = await start({})
    await kill(child, signal)
    expect(child.exitCode).toBe(0)
  })

  it('ends when its parent ends', async () => {
    const { child } = await start({})
    const exited = once(child, 'exit')
    child.stdin?.end()
    expect(await exited).toEqual([0, null])
  })

  it('reports a taken port and a state directory in use', async () => {
    const stateDir = await stateDirectory()
    const { url } = await start({ stateDir })
    const port = Number(new URL(url).port)
    await expect(start({ port })).rejects.toThrow(`Port ${port} on 127.0.0.1, wanted for the Stripe emulator, is taken`)
    await expect(start({ stateDir })).rejects.toThrow('Is another Stripe emulator running on it?')
  })

  it('serves the control endpoints only when started with control', async () => {
    const endpoint = await receiver()
    const { url, stripe } = await start({ control: true, webhook: endpoint.target })
    const control = async (method: string, path: string, body?: object) => {
      const answer = await fetch(`${url}/_control/${path}`, { method, ...(body && { body: JSON.stringify(body) }) })
      return { status: answer.status, body: await answer.json() }
    }
    await control('POST', 'faults', { match: { path: '/v1/balance' }, kind: 'status', status: 500 })
    expect((await refusal(stripe.balance.retrieve({}, { maxNetworkRetries: 0 }))).statusCode).toBe(500)
    await stripe.balance.retrieve()
    expect((await control('GET', 'counts')).body).toEqual({ 'GET /v1/balance': 2 })
    await control('DELETE', 'counts')
    expect((await control('GET', 'counts')).body).toEqual({})

    await control('POST', 'webhooks/pause')
    const { id } = await stripe.paymentIntents.create({ ...paid, payment_method: 'pm_usBankAccount' })
    expect((await control('GET', 'webhooks')).body).toMatchObject({ pending: [{}, {}, {}] })
    const settled = await control('POST', 'settle', { payment_intent: id, outcome: 'succeed' })
    expect(settled.body).toMatchObject({ id, status: 'succeeded' })
    await control('POST', 'webhooks/resume')
    await until(() => endpoint.of('payment_intent.succeeded').length === 1, 'the webhook')
    expect((await control('POST', 'settle', { payment_intent: id, outcome: 'fail' })).status).toBe(400)
    expect((await control('POST', 'nonsense')).status).toBe(404)

    const closed = await startStripeEmulator({ secretKey: SECRET_KEY })
    onTestFinished(() => closed.close())
    expect((await fetch(`${closed.url}/_control/counts`)).status).toBe(404)
  })
})
