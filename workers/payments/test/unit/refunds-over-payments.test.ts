import { describe, expect, it } from 'vitest'
import { refundPayment } from '../../src/refunds/refund-payment.ts'
import { retryRefunds } from '../../src/refunds/retry-refunds.ts'
import { aCapturedPayment, now, PAYMENT_ID, STAFF } from '../support/builders.ts'
import { GIFT_PAYMENT_ID } from '../support/order-events.ts'
import { aWorld } from '../support/world.ts'

type World = ReturnType<typeof aWorld>
const SECOND_ID = 'pay_01jd4k2v9rf0fv8z3x1m5q7w42'
const LINES = { items: [{ lineId: 'line_1', quantity: 1 }], shipping: 0, restockingFee: 0 }
const REFUSED = { kind: 'refused', reason: 'charge_disputed' } as const

/** An order that paid 25.00 by card, 10.00 more by card after an edit, and 5.00 by gift cards. */
function paidThrice(amount: number): World {
  const world = aWorld()
  world.payments.add(aCapturedPayment())
  const later = new Date(now.getTime() + 60_000)
  const second = {
    id: SECOND_ID,
    chargeNo: 2,
    amount: 1_000,
    capturedAmount: 1_000,
    intentId: 'pi_2',
    createdAt: later,
  } as const
  world.payments.add(aCapturedPayment(second))
  const gift = { id: GIFT_PAYMENT_ID, method: 'gift_card', amount: 500, capturedAmount: 500, intentId: null } as const
  world.payments.add(aCapturedPayment({ ...gift, chargeNo: 0, createdAt: new Date(later.getTime() + 60_000) }))
  world.orders.lineAmount = { ok: true, value: { amount } }
  return world
}

const refund = ({ deps }: World, over: { to?: 'store_credit'; idempotencyKey?: string; amount?: number } = {}) =>
  refundPayment(
    deps,
    { caller: STAFF, orderToken: null },
    { paymentId: PAYMENT_ID, idempotencyKey: 'key', ...(over.amount === undefined && { lines: LINES }), ...over },
  )
const partsOf = ({ refunds }: World) =>
  refunds.rows.map(({ paymentId, amount, state, destination }) => [paymentId, amount, state, destination])

describe('a refund by line of an order with several payments', () => {
  it('takes from the newest payment first and from gift cards last, whichever payment is named', async () => {
    const world = paidThrice(3_800)
    const { result } = await refund(world)
    expect(partsOf(world)).toEqual([
      [SECOND_ID, 1_000, 'succeeded', 'card'],
      [PAYMENT_ID, 2_500, 'succeeded', 'card'],
      [GIFT_PAYMENT_ID, 300, 'succeeded', 'gift_cards'],
    ])
    expect(result).toMatchObject({ ok: true, value: [{ amount: 1_000 }, { amount: 2_500 }, { amount: 300 }] })
    expect([...world.orders.credited.values()].map(({ amount }) => amount)).toEqual([300])
    expect([...world.orders.lineRefunds.keys()]).toEqual([world.refunds.rows[0]?.id])
  })

  it('asks Stripe nothing about what gift cards paid', async () => {
    const world = paidThrice(3_800)
    await refund(world)
    expect(world.stripe.calls).toEqual(world.refunds.rows.slice(0, 2).map(({ id }) => `createRefund ${id}`))
  })

  it('of more than all of them have left is refused with what is left, and its units are given back', async () => {
    const world = paidThrice(4_001)
    expect(await refund(world)).toMatchObject({ result: { failure: { code: 'refund_exceeds_captured', left: 40 } } })
    expect(world.orders.lineRefunds.size).toBe(0)
  })

  it('answers a repetition with the same parts', async () => {
    const world = paidThrice(3_800)
    const first = await refund(world)
    expect(await refund(world)).toEqual({ ...first, replayed: true })
  })

  it('moves no money at all when its first part is refused', async () => {
    const world = paidThrice(3_800)
    world.stripe.answerNext('createRefund', REFUSED)
    expect(await refund(world)).toMatchObject({
      result: { failure: { code: 'refund_refused', reason: 'charge_disputed' } },
    })
    expect(world.refunds.rows.map(({ state }) => state)).toEqual(['failed', 'failed', 'failed'])
    expect(world.stripe.calls).toHaveLength(1)
    expect(world.orders.credited.size).toBe(0)
  })

  it('stands when a later part is refused, which is left to staff', async () => {
    const world = paidThrice(3_800)
    const settle = world.refunds.settle.bind(world.refunds)
    const known: boolean[] = []
    world.refunds.settle = (outcome, anew) => {
      if (outcome.state === 'failed') known.push(outcome.isFailureKnown)
      return settle(outcome, anew)
    }
    world.stripe.answerNext('createRefund', { kind: 'refund', report: await succeeded(world) })
    world.stripe.answerNext('createRefund', REFUSED)
    const { result } = await refund(world)
    expect(result).toMatchObject({
      ok: true,
      value: [{ state: 'succeeded' }, { state: 'failed' }, { state: 'succeeded' }],
    })
    expect(known).toEqual([false])
  })

  it('waits with its later parts until the first one has moved money', async () => {
    const world = paidThrice(3_800)
    world.stripe.answerNext('createRefund', { kind: 'unknown', isReplayed: false })
    await refund(world)
    expect(world.stripe.calls).toHaveLength(1)
    expect(world.refunds.rows.map(({ state }) => state)).toEqual(['pending', 'pending', 'pending'])
    await retryRefunds(world.deps, 20)
    await retryRefunds(world.deps, 20)
    expect(world.refunds.rows.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded'])
  })

  it('is pending for its gift cards while orders does not answer', async () => {
    const world = paidThrice(3_800)
    world.orders.creditGiftCards = async () => ({ ok: false, failure: { code: 'service_unavailable' } })
    await refund(world)
    expect(partsOf(world).at(-1)).toEqual([GIFT_PAYMENT_ID, 300, 'pending', 'gift_cards'])
  })
})

describe('a refund as store credit', () => {
  it.each([undefined, 10])('gives a gift card, and asks Stripe nothing (amount %s)', async (amount) => {
    const world = paidThrice(1_000)
    expect(await refund(world, { to: 'store_credit', ...(amount !== undefined && { amount }) })).toMatchObject({
      result: { ok: true, value: [{ state: 'succeeded', destination: 'store_credit' }] },
    })
    expect(world.stripe.calls).toEqual([])
    expect([...world.orders.issued.values()]).toMatchObject([{ amount: 1_000, refundId: world.refunds.rows[0]?.id }])
  })

  it('gives what gift cards paid back to them, so that it is not given back again when the order is cancelled', async () => {
    const world = paidThrice(3_800)
    await refund(world, { to: 'store_credit' })
    expect(partsOf(world).map(([, amount, , destination]) => [amount, destination])).toEqual([
      [1_000, 'store_credit'],
      [2_500, 'store_credit'],
      [300, 'gift_cards'],
    ])
    expect([...world.orders.credited.values()].map(({ amount }) => amount)).toEqual([300])
  })

  it('fails where orders refuses it, as for an erased customer, and nothing is reserved any more', async () => {
    const world = paidThrice(0)
    world.orders.issueStoreCredit = async () => ({ ok: false, failure: { code: 'order_erased' } })
    expect(await refund(world, { to: 'store_credit', amount: 10 })).toMatchObject({
      result: { failure: { code: 'refund_refused', reason: 'order_erased' } },
    })
    expect(await world.payments.find(PAYMENT_ID)).toMatchObject({ refundedAmount: 0, reservedAmount: 0 })
  })

  it('counts as refunded, but not as refunded by Stripe', async () => {
    const world = paidThrice(0)
    await refund(world, { to: 'store_credit', amount: 10 })
    expect(await world.payments.find(PAYMENT_ID)).toMatchObject({ refundedAmount: 1_000, creditedAmount: 1_000 })
  })

  it('with the key of a refund as it was paid is another request', async () => {
    const world = paidThrice(1_000)
    await refund(world)
    expect(await refund(world, { to: 'store_credit' })).toMatchObject({
      result: { failure: { code: 'idempotency_key_reused' } },
    })
  })
})

/** What Stripe reports of the first part, whose id is made of the key. */
async function succeeded(world: World) {
  const probe = paidThrice(3_800)
  await refund(probe)
  const [first] = probe.refunds.rows
  if (first === undefined) throw new Error('There is no refund')
  const { id: refundId, amount, currency } = first
  const { failure, intentId } = { failure: null, intentId: 'pi_2' }
  expect(world.refunds.rows).toEqual([])
  return { stripeRefundId: 're_first', refundId, intentId, amount, currency, state: 'succeeded', failure } as const
}
