import { eventually } from '@shop/testing/eventually'
import type { DisputeBody, LedgerEntryBody, PaymentBody } from '@shop/testing/payment-bodies'
import { intentsOf } from '@shop/testing/stripe-js'
import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

/** A paid order of 25.00 USD, and its charge at Stripe. */
async function newPayment(): Promise<{ payment: PaymentBody; chargeId: string }> {
  const { platform, shop, admin, customer } = stage
  const product = await shop.addProduct(admin, { price: 25 })
  const { order } = (await shop.placeOrder(customer, [[product, 1]])).body
  const { payment } = (await shop.pay(customer, order, 'pm_card_visa')).body
  return { payment, chargeId: intentsOf(platform.stripe, order)[0]?.latest_charge ?? '' }
}

const asStaff = async (path: string) => (await stage.shop.request('GET', path, { token: stage.admin.token })).body
const disputesOf = async ({ id }: PaymentBody) => (await asStaff(`/api/payments/${id}`)).payment.disputes
const disputeBecomes = (payment: PaymentBody, status: string) =>
  eventually(
    () => disputesOf(payment),
    ([dispute]: DisputeBody[]) => dispute?.status === status,
    5_000,
  )

/** The payment's ledger entries that the bank caused, oldest first. */
async function moves({ id }: PaymentBody): Promise<string[]> {
  const { entries } = await asStaff(`/api/payments/ledger?payment_id=${id}`)
  const ofDisputes = entries.filter((entry: LedgerEntryBody) => entry.dispute_id !== null)
  return ofDisputes.map((entry: LedgerEntryBody) => `${entry.credit} to ${entry.debit}: ${entry.amount}`).toReversed()
}

describe('a dispute', () => {
  it('is shown to staff with its payment, and its money leaves the Stripe balance in the ledger', async () => {
    const { payment, chargeId } = await newPayment()
    const { id } = stage.platform.stripe.openDispute(chargeId, { amount: 2_000, reason: 'product_not_received' })
    const [dispute] = await disputeBecomes(payment, 'needs_response')
    expect(dispute).toMatchObject({
      id,
      payment_id: payment.id,
      amount: 20,
      reason: 'product_not_received',
      closed_at: null,
    })
    expect(dispute?.evidence_due_at).not.toBeNull()
    expect((await asStaff('/api/payments/disputes')).disputes[0]).toEqual(dispute)
    expect(await moves(payment)).toEqual(['stripe to disputes: 20'])
  })

  it('that the shop wins returns its money', async () => {
    const { payment, chargeId } = await newPayment()
    const { id } = stage.platform.stripe.openDispute(chargeId)
    stage.platform.stripe.closeDispute(id, 'won')
    const [dispute] = await disputeBecomes(payment, 'won')
    expect(dispute?.closed_at).not.toBeNull()
    await eventually(
      () => moves(payment),
      (found) => found.length === 2,
      5_000,
    )
    expect(await moves(payment)).toEqual(['stripe to disputes: 25', 'disputes to stripe: 25'])
  })

  it('that the shop loses becomes a chargeback', async () => {
    const { payment, chargeId } = await newPayment()
    const { id } = stage.platform.stripe.openDispute(chargeId)
    stage.platform.stripe.closeDispute(id, 'lost')
    await disputeBecomes(payment, 'lost')
    expect(await moves(payment)).toEqual(['stripe to disputes: 25', 'disputes to chargebacks: 25'])
  })

  it('that is only an inquiry moves no money', async () => {
    const { payment, chargeId } = await newPayment()
    stage.platform.stripe.openDispute(chargeId, { isInquiry: true })
    await disputeBecomes(payment, 'warning_needs_response')
    expect(await moves(payment)).toEqual([])
  })

  it('is hidden from the customer', async () => {
    const { payment, chargeId } = await newPayment()
    stage.platform.stripe.openDispute(chargeId)
    await disputeBecomes(payment, 'needs_response')
    const { token } = stage.customer
    const seen = await stage.shop.request('GET', `/api/payments/${payment.id}`, { token })
    expect([seen.status, 'disputes' in seen.body.payment]).toEqual([200, false])
    expect((await stage.shop.request('GET', '/api/payments/disputes', { token })).status).toBe(403)
  })

  it('blocks a refund and leaves the payment unchanged', async () => {
    const { payment, chargeId } = await newPayment()
    stage.platform.stripe.openDispute(chargeId)
    await disputeBecomes(payment, 'needs_response')
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const options = { token: stage.admin.token, body: { amount: 5 }, headers }
    const refused = await stage.shop.request('POST', `/api/payments/${payment.id}/refund`, options)
    expect([refused.status, refused.body.code]).toEqual([409, 'refund_refused'])
    expect((await asStaff(`/api/payments/${payment.id}`)).payment).toMatchObject({
      captured_amount: 25,
      refunded_amount: 0,
    })
  })
})

describe('a cancelled order whose payment is disputed', () => {
  type Shown = { refund_status: string | null; payment_status: string }

  async function asCustomer(path: string) {
    return (await stage.shop.request('GET', path, { token: stage.customer.token })).body
  }
  const orderBecomes = (id: string, isExpected: (order: Shown) => boolean) =>
    eventually(async () => (await asCustomer(`/api/orders/${id}`)).order, isExpected, 5_000)
  const historyOf = async (id: string) => {
    const { events } = await asCustomer(`/api/orders/${id}/events`)
    return events.map(({ type }: { type: string }) => type)
  }

  /** A paid order whose customer disputes it, and which staff then cancel. */
  async function cancelDisputed() {
    const { payment, chargeId } = await newPayment()
    const dispute = stage.platform.stripe.openDispute(chargeId)
    await eventually(
      () => historyOf(payment.order_id),
      (types) => types.includes('disputed'),
      5_000,
    )
    const { token } = stage.admin
    const body = { status: 'cancelled' }
    const cancelled = await stage.shop.request('PATCH', `/api/orders/${payment.order_id}/status`, { token, body })
    await eventually(
      () => historyOf(payment.order_id),
      (types) => types.includes('refund_failed'),
      10_000,
    )
    return { payment, dispute, cancelled, orderId: payment.order_id }
  }

  it('says that the bank holds its money, at once and to the customer too', async () => {
    const { payment, cancelled, orderId } = await cancelDisputed()
    expect(cancelled.body).toMatchObject({
      order: { status: 'cancelled', refund_status: 'disputed' },
      message:
        "Order cancelled. The customer's bank holds the money because of a dispute, so the shop cannot refund it",
    })
    expect((await asCustomer(`/api/orders/${orderId}`)).order).toMatchObject({
      payment_status: 'paid',
      refunded_amount: 0,
      refund_status: 'disputed',
    })
    const { refunds } = await asCustomer(`/api/payments/${payment.id}/refunds`)
    expect(refunds).toMatchObject([{ status: 'failed', failure: 'charge_disputed' }])
  })

  it('says that the bank has returned the money, when the shop loses', async () => {
    const { dispute, orderId } = await cancelDisputed()
    stage.platform.stripe.closeDispute(dispute.id, 'lost')
    expect(await orderBecomes(orderId, (order) => order.refund_status === 'charged_back')).toMatchObject({
      payment_status: 'paid',
    })
  })

  it('says that its refund failed when the shop wins, until staff refund it', async () => {
    const { payment, dispute, orderId } = await cancelDisputed()
    stage.platform.stripe.closeDispute(dispute.id, 'won')
    await orderBecomes(orderId, (order) => order.refund_status === 'failed')
    const { discrepancies } = await asStaff('/api/payments/discrepancies')
    expect(discrepancies).toContainEqual(expect.objectContaining({ kind: 'refund_failed', payment_id: payment.id }))
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const options = { token: stage.admin.token, body: {}, headers }
    expect((await stage.shop.request('POST', `/api/payments/${payment.id}/refund`, options)).status).toBe(201)
    expect(await orderBecomes(orderId, (order) => order.payment_status === 'refunded')).toMatchObject({
      refund_status: null,
    })
  })
})

describe('disputes', () => {
  it('are listed newest first, page by page', async () => {
    for (let times = 0; times < 3; times += 1) {
      const { payment, chargeId } = await newPayment()
      stage.platform.stripe.openDispute(chargeId)
      await disputeBecomes(payment, 'needs_response')
    }
    const first = await asStaff('/api/payments/disputes?limit=2')
    const second = await asStaff(`/api/payments/disputes?limit=1&cursor=${first.next_cursor}`)
    const all = await asStaff('/api/payments/disputes?limit=3')
    expect([...first.disputes, ...second.disputes]).toEqual(all.disputes)
  })
})
