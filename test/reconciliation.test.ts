import { LOCAL_STRIPE } from '@shop/local-environment/environment'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { DiscrepancyBody, PaymentBody } from '@shop/testing/payment-bodies'
import { confirmInBrowser, intentsOf, moneyKept } from '@shop/testing/stripe-js'
import { sql } from 'drizzle-orm'
import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { useFreshCustomer, usePlatform } from './support/use-platform.ts'

// The interval of the check of open payments is long, so that only reconciliation finds anything here.
const stage = usePlatform({ paymentCheckSeconds: 900, vars: { RECONCILE_AFTER_SECONDS: '1' } })
useFreshCustomer(stage)

function dashboard(): Stripe {
  const { hostname, port } = new URL(stage.platform.stripe.url)
  return new Stripe(LOCAL_STRIPE.secretKey, { host: hostname, port, protocol: 'http' })
}

/** An order of 25.00 USD whose payment waits for the client. */
async function newPayment(): Promise<{ order: OrderBody; payment: PaymentBody; intentId: string }> {
  const { shop, admin, customer } = stage
  const product = await shop.addProduct(admin, { price: 25 })
  const { order } = (await shop.placeOrder(customer, [[product, 1]])).body
  const { payment } = (await shop.pay(customer, order)).body
  return { order, payment, intentId: intentsOf(stage.platform.stripe, order)[0]?.id ?? '' }
}

const confirm = ({ client_secret }: PaymentBody) =>
  confirmInBrowser(stage.platform.stripe, client_secret ?? '', 'pm_card_visa')

async function newPaidOrder() {
  const made = await newPayment()
  await confirm(made.payment)
  await stage.shop.orderBecomes(stage.customer, made.order.id, 'processing', 'paid')
  return made
}

/** Discards every webhook that the function causes. */
async function withoutWebhooks<T>(act: () => Promise<T>): Promise<T> {
  const { webhooks } = stage.platform.stripe
  webhooks.pause()
  const done = await act()
  webhooks.dropNext(webhooks.pending().length)
  webhooks.resume()
  await eventually(
    async () => webhooks.pending(),
    (pending) => pending.length === 0,
    5_000,
  )
  return done
}

const readAsStaff = async (path: string) => (await stage.shop.request('GET', path, { token: stage.admin.token })).body
const reconcile = (body: object = {}) =>
  stage.shop.request('POST', '/api/payments/reconcile', { token: stage.admin.token, body })

/** Reconciles everything at Stripe, window by window. */
async function reconcileAll(body: object = {}) {
  const steps = []
  do {
    const step = await reconcile(body)
    expect(step.status).toBe(200)
    steps.push(step.body.reconciliation)
  } while (!steps.at(-1)?.finished)
  return steps
}

/** Reconciles until `isDone`: objects that Stripe created within the last second are left out. */
function reconcileUntil<T>(look: () => Promise<T>, isDone: (found: T) => boolean): Promise<T> {
  const reconcileAndRead = async () => {
    await reconcileAll()
    return look()
  }
  return eventually(reconcileAndRead, isDone, 10_000)
}

const openOf = async (subject: string): Promise<DiscrepancyBody[]> =>
  (await readAsStaff('/api/payments/discrepancies?limit=100')).discrepancies.filter(
    (found) => found.subject === subject,
  )
const readOrder = (order: OrderBody) => stage.shop.getOrder(stage.customer, order.id)
const readPayment = async ({ id }: PaymentBody) => (await readAsStaff(`/api/payments/${id}`)).payment
const payments = () => stage.platform.database.as('payments')

describe('a change that only Stripe knows of', () => {
  it('is found and applied: money captured while no webhook arrived', async () => {
    const { order, payment, intentId } = await newPayment()
    await withoutWebhooks(() => confirm(payment))
    expect((await readOrder(order)).status).toBe('pending')
    await reconcileUntil(
      () => readOrder(order),
      ({ payment_status }) => payment_status === 'paid',
    )
    expect(moneyKept(stage.platform.stripe, order)).toBe(2_500)
    expect(await openOf(intentId)).toEqual([])
  })

  it('is found and applied: a refund made in the dashboard', async () => {
    const { order, payment, intentId } = await newPaidOrder()
    await withoutWebhooks(() => dashboard().refunds.create({ payment_intent: intentId, amount: 900 }))
    await reconcileUntil(
      () => readPayment(payment),
      ({ refunded_amount }) => refunded_amount === 9,
    )
    await stage.shop.orderBecomes(stage.customer, order.id, 'processing', 'partially_refunded')
    expect(await openOf(intentId)).toEqual([])
  })

  it('is found by the sweep when a reconciliation is due', async () => {
    const { order, payment } = await newPayment()
    await withoutWebhooks(() => confirm(payment))
    const sweep = async () => {
      await payments().execute(sql`update payments.reconciliations set next_at = now()`)
      await stage.platform.sweep()
      return readOrder(order)
    }
    await reconcileAll()
    await eventually(sweep, ({ payment_status }) => payment_status === 'paid', 10_000)
  })
})

describe('a discrepancy without one right answer', () => {
  it('is shown to staff until it is gone: another amount than was captured', async () => {
    const { payment, intentId } = await newPaidOrder()
    const capture = (amount: number) =>
      payments().execute(sql`update payments.payments set captured_amount = ${amount} where id = ${payment.id}`)
    await capture(2_400)
    const found = await reconcileUntil(
      () => openOf(intentId),
      (open) => open.length > 0,
    )
    expect(found.toSorted((a, b) => a.kind.localeCompare(b.kind))).toMatchObject([
      { kind: 'captured_differs', payment_id: payment.id, stripe: '25 USD', shop: '24 USD' },
      { kind: 'ledger_differs', payment_id: payment.id },
    ])
    await reconcileAll()
    expect(await openOf(intentId)).toEqual(found)
    await capture(2_500)
    await reconcileAll()
    expect(await openOf(intentId)).toEqual([])
  })

  it('is shown to staff: money of a payment unknown to the shop', async () => {
    const { id } = await dashboard().paymentIntents.create({
      amount: 700,
      currency: 'usd',
      confirm: true,
      payment_method: 'pm_card_visa',
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      metadata: { payment_id: 'pay_01jd4k2v9rf0fv8z3x1m5q7w2e' },
    })
    const found = await reconcileUntil(
      () => openOf(id),
      (open) => open.length > 0,
    )
    expect(found).toMatchObject([{ kind: 'payment_unknown', payment_id: null, stripe: '7 USD', shop: null }])
  })

  it('is shown to staff: a ledger with another sum', async () => {
    const { payment, intentId } = await newPaidOrder()
    await payments().execute(sql`
      insert into payments.ledger (at, debit, credit, amount, currency, payment_id, key)
      values (now(), 'stripe', 'sales', 1, 'USD', ${payment.id}, ${`slip:${payment.id}`})`)
    const found = await reconcileUntil(
      () => openOf(intentId),
      (open) => open.length > 0,
    )
    expect(found).toMatchObject([{ kind: 'ledger_differs', shop: '25.01 USD captured, 0 USD refunded' }])
  })
})

describe('a reconciliation', () => {
  it('runs in bounded windows, each continuing where the previous one ended', async () => {
    const before = stage.platform.stripe.paymentIntents().length
    await newPayment()
    await newPayment()
    const count = before + 2
    const steps = await eventually(
      () => reconcileAll({ limit: 3 }),
      (taken) => taken.reduce((sum, { compared }) => sum + compared, 0) >= count,
      20_000,
    )
    // Three PaymentIntents and three refunds.
    for (const { compared } of steps) expect(compared).toBeLessThanOrEqual(6)
    expect(steps.map(({ finished }) => finished).lastIndexOf(false)).toBe(steps.length - 2)
  })

  it('runs one at a time', async () => {
    const both = await Promise.all(Array.from({ length: 6 }, () => reconcile()))
    const refused = both.filter(({ status }) => status !== 200)
    for (const { status, body } of refused) expect([status, body.code]).toEqual([409, 'reconciliation_in_progress'])
    expect(refused.length).toBeLessThan(6)
    await reconcileAll()
  })

  it('continues after Stripe did not answer', async () => {
    stage.platform.stripe.faults.add({
      kind: 'cut_before',
      match: { method: 'GET', path: '/v1/payment_intents' },
      times: 2,
    })
    const { body } = await reconcile()
    expect(body.reconciliation).toMatchObject({ finished: false })
    stage.platform.stripe.faults.clear()
    await reconcileAll()
  })
})
