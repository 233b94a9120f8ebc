import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { LedgerEntryBody, PaymentBody } from '@shop/testing/payment-bodies'
import type { Account } from '@shop/testing/shop'
import { moneyKept } from '@shop/testing/stripe-js'
import { afterEach, describe, expect, it } from 'vitest'
import { QUICK_CHECKS, useFreshCustomer, useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform(QUICK_CHECKS)
useFreshCustomer(stage)

const REFUNDS = { method: 'POST', path: '/v1/refunds' }
const SWEEP_WITHIN_MS = 8_000

afterEach(() => {
  stage.platform.stripe.faults.clear()
})

type Paid = { order: OrderBody; payment: PaymentBody }

/** A paid order of 25.00 USD of a new product. */
async function paidOrder(method = 'pm_card_visa'): Promise<Paid> {
  const { shop, admin, customer } = stage
  const product = await shop.addProduct(admin, { price: 12.5 })
  const { order } = (await shop.placeOrder(customer, [[product, 2]])).body
  const { payment } = (await shop.pay(customer, order, method)).body
  await shop.orderBecomes(customer, order.id, 'processing', 'paid')
  return { order, payment }
}

function refund(
  { payment }: Pick<Paid, 'payment'>,
  body: { amount?: number; reason?: string } = {},
  { key = crypto.randomUUID(), by = stage.admin }: { key?: string; by?: Account } = {},
) {
  const headers = { 'idempotency-key': key }
  return stage.shop.request('POST', `/api/payments/${payment.id}/refund`, { token: by.token, body, headers })
}

const kept = ({ order }: Paid) => moneyKept(stage.platform.stripe, order)
const readPayment = async ({ payment }: Paid) =>
  (await stage.shop.request('GET', `/api/payments/${payment.id}`, { token: stage.admin.token })).body.payment
const refundsOf = async ({ payment }: Paid, account = stage.admin) =>
  (await stage.shop.request('GET', `/api/payments/${payment.id}/refunds`, { token: account.token })).body.refunds
const orderBecomes = ({ order }: Paid, paymentStatus: string) =>
  stage.shop.orderBecomes(stage.customer, order.id, 'processing', paymentStatus)

async function ledgerOf({ payment }: Paid): Promise<LedgerEntryBody[]> {
  const path = `/api/payments/ledger?payment_id=${payment.id}&limit=100`
  return (await stage.shop.request('GET', path, { token: stage.admin.token })).body.entries.reverse()
}

/** In cents. */
async function balanceAtStripe(paid: Paid): Promise<number> {
  const cents = ({ debit, credit, amount }: LedgerEntryBody) =>
    debit === 'stripe' ? Math.round(amount * 100) : credit === 'stripe' ? -Math.round(amount * 100) : 0
  return (await ledgerOf(paid)).reduce((sum, entry) => sum + cents(entry), 0)
}

/** Sweeps until the refunds of the payment are settled. */
function settles(paid: Paid) {
  const look = async () => {
    await stage.platform.sweep()
    return refundsOf(paid)
  }
  return eventually(look, (refunds) => refunds.every(({ status }) => status !== 'pending'), SWEEP_WITHIN_MS)
}

describe('staff', () => {
  it('refund a part, and then the rest, and the order says so', async () => {
    const paid = await paidOrder()
    const part = await refund(paid, { amount: 9.99, reason: 'One cup was broken' })
    expect(part.status).toBe(201)
    expect(part.body.refund).toMatchObject({
      payment_id: paid.payment.id,
      amount: 9.99,
      currency: 'USD',
      status: 'succeeded',
      reason: 'One cup was broken',
    })
    expect(kept(paid)).toBe(1_501)
    expect(await orderBecomes(paid, 'partially_refunded')).toMatchObject({ captured_amount: 25, refunded_amount: 9.99 })
    const rest = await refund(paid)
    expect([rest.status, rest.body.refund.amount]).toEqual([201, 15.01])
    expect(kept(paid)).toBe(0)
    await orderBecomes(paid, 'refunded')
    expect(await readPayment(paid)).toMatchObject({ captured_amount: 25, refunded_amount: 25 })
    expect((await refundsOf(paid, stage.customer)).map(({ amount }) => amount)).toEqual([9.99, 15.01])
  })

  it('cannot refund more than is left, and learn how much that is', async () => {
    const paid = await paidOrder()
    await refund(paid, { amount: 20 })
    const refused = await refund(paid, { amount: 5.01 })
    expect([refused.status, refused.body]).toMatchObject([
      409,
      { code: 'refund_exceeds_captured', left: 5, currency: 'USD' },
    ])
    expect((await refund(paid, { amount: 5 })).status).toBe(201)
    expect((await refund(paid)).body).toMatchObject({ code: 'refund_exceeds_captured', left: 0 })
    expect(kept(paid)).toBe(0)
  })

  it('alone see what is wrong with a body: the owner is refused, a stranger finds nothing, a guest has to sign in', async () => {
    const { payment } = await paidOrder()
    const stranger = await stage.shop.signUp()
    for (const path of ['refund', 'capture']) {
      const statusAs = async (token?: string) =>
        (await stage.shop.request('POST', `/api/payments/${payment.id}/${path}`, { token, body: { amount: 'all' } }))
          .status
      const statuses = [
        statusAs(),
        statusAs(stranger.token),
        statusAs(stage.customer.token),
        statusAs(stage.admin.token),
      ]
      expect(await Promise.all(statuses)).toEqual([401, 404, 403, 422])
    }
  })

  it('cannot refund a payment that was not captured', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin)
    const { order } = (await shop.placeOrder(customer, [[product, 1]])).body
    const { payment } = (await shop.pay(customer, order)).body
    expect((await refund({ payment })).body.code).toBe('refund_exceeds_captured')
  })

  it.each([
    [{ amount: 0 }, 'validation_failed'],
    [{ amount: -1 }, 'validation_failed'],
    [{ amount: 0.001 }, 'invalid_amount'],
    [{ amount: 1, reason: '' }, 'validation_failed'],
  ])('asking for %j get an error that names the problem', async (body, code) => {
    const paid = await paidOrder()
    const refused = await refund(paid, body)
    expect([refused.status, refused.body.code]).toEqual([422, code])
    expect(kept(paid)).toBe(2_500)
  })

  it('need a key, and the same key returns the first refund', async () => {
    const paid = await paidOrder()
    const path = `/api/payments/${paid.payment.id}/refund`
    const without = await stage.shop.request('POST', path, { token: stage.admin.token, body: { amount: 1 } })
    expect([without.status, without.body.code]).toEqual([400, 'idempotency_key_required'])
    const key = crypto.randomUUID()
    const first = await refund(paid, { amount: 25 }, { key })
    const again = await refund(paid, { amount: 25 }, { key })
    expect([again.status, again.body]).toEqual([201, first.body])
    expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true'])
    const other = await refund(paid, { amount: 1 }, { key })
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused'])
    expect(kept(paid)).toBe(0)
    expect(await refundsOf(paid)).toHaveLength(1)
  })
})

describe('concurrent refunds', () => {
  it('never exceed the captured amount', async () => {
    const paid = await paidOrder()
    const answers = await Promise.all(Array.from({ length: 20 }, () => refund(paid, { amount: 3 })))
    const made = answers.filter(({ status }) => status === 201)
    expect(made).toHaveLength(8)
    for (const { status, body } of answers) {
      if (status !== 201) expect([status, body.code]).toEqual([409, 'refund_exceeds_captured'])
    }
    await settles(paid)
    expect(kept(paid)).toBe(100)
    expect(await balanceAtStripe(paid)).toBe(100)
    await orderBecomes(paid, 'partially_refunded')
  })

  it('with one key are one refund', async () => {
    const paid = await paidOrder()
    const key = crypto.randomUUID()
    const answers = await Promise.all(Array.from({ length: 20 }, () => refund(paid, { amount: 3 }, { key })))
    const ids = answers.flatMap(({ status, body }) => (status === 201 ? [body.refund.id] : []))
    expect(new Set(ids).size).toBe(1)
    for (const { status, body } of answers) {
      if (status !== 201) expect([status, body.code]).toEqual([409, 'idempotency_in_flight'])
    }
    expect(kept(paid)).toBe(2_200)
  })
})

describe('a refund that Stripe', () => {
  it('refuses is reported as failed, leaves the money refundable, and is in the ledger', async () => {
    const paid = await paidOrder()
    stage.platform.stripe.openDispute(chargeOf(paid), {})
    const key = crypto.randomUUID()
    const refused = await refund(paid, { amount: 5 }, { key })
    expect([refused.status, refused.body]).toMatchObject([409, { code: 'refund_refused', reason: 'charge_disputed' }])
    const again = await refund(paid, { amount: 5 }, { key })
    expect([again.status, again.body.code, again.headers.get('idempotency-replayed')]).toEqual([
      409,
      'refund_refused',
      'true',
    ])
    expect((await refundsOf(paid)).map(({ status }) => status)).toEqual(['failed'])
    const keys = (await ledgerOf(paid)).map(({ key }) => key.split(':')[0])
    expect(keys).toEqual(expect.arrayContaining(['captured', 'refund_reserved', 'refund_failed']))
    expect(await readPayment(paid)).toMatchObject({ refunded_amount: 0 })
  })

  it('made with its answer lost is found, and made once', async () => {
    const paid = await paidOrder()
    const key = crypto.randomUUID()
    stage.platform.stripe.faults.add({ kind: 'cut_after', match: REFUNDS, times: 2 })
    const lost = await refund(paid, { amount: 10 }, { key })
    expect([lost.status, lost.body.refund.status]).toEqual([201, 'pending'])
    expect(await settles(paid)).toMatchObject([{ status: 'succeeded', amount: 10 }])
    expect((await refund(paid, { amount: 10 }, { key })).body.refund).toMatchObject({
      id: lost.body.refund.id,
      status: 'succeeded',
    })
    expect(kept(paid)).toBe(1_500)
    await orderBecomes(paid, 'partially_refunded')
  })

  it.each(['during', 'after'] as const)(
    'answers with a server error, %s the work, is resolved and never made twice',
    async (at) => {
      const paid = await paidOrder()
      stage.platform.stripe.faults.add({ kind: 'status', status: 500, at, match: REFUNDS })
      expect((await refund(paid, { amount: 10 })).body.refund.status).toBe('pending')
      const [found] = await settles(paid)
      expect(found?.status).toBe(at === 'after' ? 'succeeded' : 'failed')
      expect(kept(paid)).toBe(at === 'after' ? 1_500 : 2_500)
      expect(await balanceAtStripe(paid)).toBe(kept(paid))
    },
  )

  it('reports as pending stays reserved until it succeeds', async () => {
    const paid = await paidOrder('pm_card_pendingRefund')
    const asked = await refund(paid, { amount: 20 })
    expect([asked.status, asked.body.refund.status]).toEqual([201, 'pending'])
    expect((await refund(paid, { amount: 6 })).body).toMatchObject({ code: 'refund_exceeds_captured', left: 5 })
    expect(await readPayment(paid)).toMatchObject({ refunded_amount: 0 })
    settleAtStripe(paid, 'succeed')
    await eventually(
      () => readPayment(paid),
      ({ refunded_amount: refunded }) => refunded === 20,
      SWEEP_WITHIN_MS,
    )
    await orderBecomes(paid, 'partially_refunded')
  })

  it('cannot deliver releases its reserved amount', async () => {
    const paid = await paidOrder('pm_card_pendingRefund')
    await refund(paid, { amount: 20 })
    settleAtStripe(paid, 'fail')
    expect(await settles(paid)).toMatchObject([{ status: 'failed' }])
    expect(await balanceAtStripe(paid)).toBe(2_500)
    expect((await refund(paid, { amount: 25 })).status).toBe(201)
  })
})

describe('the order of a refunded payment', () => {
  it('is refunded the rest when staff cancel it', async () => {
    const paid = await paidOrder()
    await refund(paid, { amount: 10 })
    const { shop, admin, platform } = stage
    const path = `/api/orders/${paid.order.id}/status`
    expect((await shop.request('PATCH', path, { token: admin.token, body: { status: 'cancelled' } })).status).toBe(200)
    await platform.sweep()
    await shop.orderBecomes(stage.customer, paid.order.id, 'cancelled', 'refunded')
    expect(kept(paid)).toBe(0)
    expect((await refundsOf(paid)).map(({ amount, reason }) => [amount, reason])).toEqual([
      [10, 'requested_by_staff'],
      [15, 'order_cancelled'],
    ])
    expect(await balanceAtStripe(paid)).toBe(0)
  })
})

describe('the ledger', () => {
  it('has each entry once, newest first, page by page', async () => {
    const paid = await paidOrder()
    await refund(paid, { amount: 10 })
    const moves = (await ledgerOf(paid)).map(({ debit, credit, amount }) => [debit, credit, amount])
    expect(moves).toEqual([
      ['stripe', 'sales', 25],
      ['refunds', 'refunds_due', 10],
      ['refunds_due', 'stripe', 10],
    ])
    const listed: number[] = []
    let next = `?payment_id=${paid.payment.id}&limit=2`
    while (next !== '') {
      const { body } = await stage.shop.request('GET', `/api/payments/ledger${next}`, { token: stage.admin.token })
      listed.push(...body.entries.map(({ id }) => id))
      next = body.next_cursor === null ? '' : `?payment_id=${paid.payment.id}&limit=2&cursor=${body.next_cursor}`
    }
    expect(listed).toHaveLength(3)
    expect(listed).toEqual(listed.toSorted((a, b) => b - a))
  })

  it.each(['cursor=nonsense', 'cursor=WyJhIiwiYiJd', 'limit=0', 'limit=101'])('with %s is refused', async (query) => {
    const refused = await stage.shop.request('GET', `/api/payments/ledger?${query}`, { token: stage.admin.token })
    expect(refused.status).toBe(422)
  })
})

function chargeOf({ order }: Paid): string {
  const { stripe } = stage.platform
  const intent = stripe.paymentIntents().find(({ metadata }) => metadata.order_id === order.id)
  return typeof intent?.latest_charge === 'string' ? intent.latest_charge : ''
}

function settleAtStripe(paid: Paid, outcome: 'succeed' | 'fail'): void {
  const { stripe } = stage.platform
  const made = stripe.refunds().find(({ charge }) => charge === chargeOf(paid))
  stripe.settleRefund(made?.id ?? '', outcome)
}
