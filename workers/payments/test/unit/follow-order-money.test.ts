import { describe, expect, it } from 'vitest'
import { deliverEvents } from '../../src/events/deliver-events.ts'
import { followOrders } from '../../src/events/follow-orders.ts'
import { refreshPayments } from '../../src/payments/refresh-payments.ts'
import { detailsOf } from '../../src/refunds/domain/refund.ts'
import { retryRefunds } from '../../src/refunds/retry-refunds.ts'
import { aCapturedPayment, anAuthorizedPayment, aPayment, aRefund, now, PAYMENT_ID } from '../support/builders.ts'
import { aDueRefund, anEdit, GIFT_PAYMENT_ID, giftCard, giftCards } from '../support/order-events.ts'
import { aWorld } from '../support/world.ts'

const NEWER_ID = 'pay_01jd4k2v9rf0fv8z3x1m5q7w42'
const done = { outcome: 'done' }
const notYet = { outcome: 'failed', failure: 'not_yet' }

function following(...events: Parameters<ReturnType<typeof aWorld>['orders']['moreEvents']['push']>) {
  const world = aWorld()
  world.orders.moreEvents.push(...events)
  return world
}
const open = { state: 'requires_action', intentId: 'pi_1', attemptUntil: null } as const

describe('an edited order', () => {
  it('has the open payment of a former charge cancelled', async () => {
    const world = following(anEdit(1, 2))
    world.payments.add(aPayment(open))
    await followOrders(world.deps)
    expect(world.payments.only.state).toBe('canceled')
    expect(world.orders.receipts).toMatchObject([done])
  })

  it.each([
    ['of the charge that pays it now', aPayment({ ...open, chargeNo: 2 })],
    ['that was captured', aCapturedPayment()],
    ['that is authorized, which the order counts on', anAuthorizedPayment()],
  ])('keeps a payment %s', async (_, payment) => {
    const world = following(anEdit(1, 2))
    world.payments.add(payment)
    await followOrders(world.deps)
    expect(world.payments.only).toEqual(payment)
    expect(world.stripe.calls).toEqual([])
    expect(world.orders.receipts).toMatchObject([done])
  })

  it('comes again while the call of a former charge is under way, or Stripe does not answer', async () => {
    const world = following(anEdit(1, 2))
    world.payments.add(aPayment())
    await followOrders(world.deps)
    expect(world.orders.receipts).toMatchObject([notYet])
    world.payments.add(aPayment(open))
    world.stripe.answerNext('cancel', { kind: 'unknown', isReplayed: false })
    await followOrders(world.deps)
    expect(world.orders.receipts).toMatchObject([notYet, notYet])
  })
})

describe('a refund that orders owes', () => {
  function paidTwice(over: Parameters<typeof aDueRefund>[1] = {}) {
    const world = following(aDueRefund(1, over))
    world.payments.add(aCapturedPayment())
    const second = { id: NEWER_ID, chargeNo: 2, intentId: 'pi_2', amount: 300, capturedAmount: 300 } as const
    world.payments.add(aCapturedPayment({ ...second, createdAt: new Date(now.getTime() + 60_000) }))
    return world
  }
  const partsOf = ({ refunds }: ReturnType<typeof aWorld>) =>
    refunds.rows.map(({ paymentId, amount, state, destination }) => [paymentId, amount, state, destination])

  it('is made under its id, from the newest payment first, once', async () => {
    const world = paidTwice()
    await followOrders(world.deps)
    world.orders.receipts.splice(0)
    await followOrders(world.deps)
    expect(world.orders.receipts).toMatchObject([done])
    expect(partsOf(world)).toEqual([
      [NEWER_ID, 300, 'succeeded', 'card'],
      [PAYMENT_ID, 200, 'succeeded', 'card'],
    ])
    expect(world.refunds.rows[0]).toMatchObject({ id: 'refund_01jd4k2v9rf0fv8z3x1m5q7w4d', reason: 'order_edited' })
    expect(world.stripe.calls).toHaveLength(2)
  })

  it('moves no money for the part that was given as store credit', async () => {
    const world = paidTwice({ origin: 'exchange', amount: 400, storeCredit: 250 })
    await followOrders(world.deps)
    expect(partsOf(world)).toEqual([
      [NEWER_ID, 150, 'succeeded', 'card'],
      [NEWER_ID, 150, 'succeeded', 'given'],
      [PAYMENT_ID, 100, 'succeeded', 'given'],
    ])
    expect(world.stripe.calls).toHaveLength(1)
    expect(world.orders.issued.size).toBe(0)
  })

  it('counts the store credit as given, even if Stripe refuses or does not answer for the rest', async () => {
    for (const answer of [
      { kind: 'refused', reason: 'charge_disputed' },
      { kind: 'unknown', isReplayed: false },
    ] as const) {
      const world = paidTwice({ origin: 'exchange', amount: 400, storeCredit: 250 })
      world.stripe.answerNext('createRefund', answer)
      await followOrders(world.deps)
      expect(partsOf(world)).toEqual([
        [NEWER_ID, 150, answer.kind === 'refused' ? 'failed' : 'pending', 'card'],
        [NEWER_ID, 150, 'succeeded', 'given'],
        [PAYMENT_ID, 100, 'succeeded', 'given'],
      ])
    }
  })

  it('is what is left where other refunds were faster, and staff are told', async () => {
    const world = paidTwice({ amount: 3_000 })
    await followOrders(world.deps)
    expect(partsOf(world).map(([, amount]) => amount)).toEqual([300, 2_500])
    expect(world.discrepancies).toMatchObject([{ kind: 'refund_short', shop: '28 of 30 USD' }])
  })

  it('takes what was given already off the money, and books what no payment covers as given away', async () => {
    const world = paidTwice({ origin: 'exchange', amount: 3_500, storeCredit: 2_900 })
    await followOrders(world.deps)
    expect(partsOf(world).map(([, amount, , destination]) => [amount, destination])).toEqual([
      [300, 'given'],
      [2_500, 'given'],
    ])
    expect(world.booked).toMatchObject([{ move: 'refund_overdrawn', amount: 100 }])
    expect(world.stripe.calls).toEqual([])
  })

  it('of an order with nothing left is released', async () => {
    const world = following(aDueRefund(1))
    world.orders.lineRefunds.set('refund_01jd4k2v9rf0fv8z3x1m5q7w4d', 500)
    await followOrders(world.deps)
    expect(world.orders.lineRefunds.size).toBe(0)
    expect(world.discrepancies).toMatchObject([{ kind: 'refund_short', shop: '0 of 5 USD' }])
    expect(world.orders.receipts).toMatchObject([done])
  })

  it('comes again while orders has not decided about a payment', async () => {
    const world = paidTwice()
    world.refunds.undecided.add(NEWER_ID)
    await followOrders(world.deps)
    expect(world.orders.receipts).toMatchObject([notYet])
    expect(world.refunds.rows).toEqual([])
  })
})

describe('what gift cards paid', () => {
  it('is one payment of the order, which Stripe is never asked about', async () => {
    const world = following(giftCards(1, 'gift_card.spent', 700), giftCards(2, 'gift_card.spent', 700))
    await followOrders(world.deps)
    expect(world.payments.only).toMatchObject({
      id: GIFT_PAYMENT_ID,
      method: 'gift_card',
      state: 'succeeded',
      capturedAmount: 700,
    })
    world.passHours(1_000)
    expect(await refreshPayments(world.deps, { states: ['requires_capture', 'processing'], limit: 10 })).toBe(0)
    expect(world.stripe.calls).toEqual([])
  })

  it('is not refunded by payments when the order is cancelled, since orders gives it back', async () => {
    const world = following(giftCards(10, 'gift_card.spent', 700))
    await followOrders(world.deps)
    world.orders.isCancelled = true
    await followOrders(world.deps)
    expect(world.refunds.rows).toEqual([])
    world.orders.moreEvents.push(giftCards(11, 'gift_card.returned', 700))
    await followOrders(world.deps)
    expect(world.payments.only).toMatchObject({ refundedAmount: 700, reservedAmount: 0, creditedAmount: 700 })
    expect(world.orders.credited.size).toBe(0)
  })

  it('that was given back is told to orders once however often it comes, as what it has counted', async () => {
    const world = following(giftCards(10, 'gift_card.spent', 700), giftCards(11, 'gift_card.returned', 700))
    await followOrders(world.deps)
    world.orders.receipts.splice(0)
    await followOrders(world.deps)
    await deliverEvents(world.deps)
    expect(world.refunds.rows).toHaveLength(1)
    expect(world.orders.told).toEqual(['refund.succeeded'])
    const [refund] = world.refunds.rows
    expect(refund && detailsOf(refund)).toMatchObject({ isCredit: true, isCounted: true, isReversal: true })
  })

  it.each([
    ['a part of it', 200, [200, 500]],
    ['all of it', 700, [700]],
  ])(
    'is recorded once in all when a refund of %s was on its way as the order was cancelled',
    async (_, amount, made) => {
      const world = following(giftCards(10, 'gift_card.spent', 700))
      await followOrders(world.deps)
      const refund = {
        id: 'refund_01jd4k2v9rf0fv8z3x1m5q7w4d',
        paymentId: GIFT_PAYMENT_ID,
        destination: 'gift_cards',
      } as const
      world.refunds.add(aRefund({ ...refund, amount, reason: 'requested_by_staff' }))
      // Orders had not given it yet, so the cancellation gave back all.
      world.orders.moreEvents.push(giftCards(11, 'gift_card.returned', 700))
      await followOrders(world.deps)
      await retryRefunds(world.deps, 20)
      world.orders.receipts.splice(0)
      await followOrders(world.deps)
      expect(world.orders.receipts).toMatchObject([done, done])
      expect(world.refunds.rows.map((row) => row.amount)).toEqual(made)
      expect(world.payments.only).toMatchObject({ refundedAmount: 700, reservedAmount: 0, creditedAmount: 700 })
    },
  )

  it('comes again while the payment is unknown', async () => {
    const world = following(giftCards(1, 'gift_card.returned', 700))
    await followOrders(world.deps)
    expect(world.orders.receipts).toMatchObject([notYet])
  })
})

describe('a gift card', () => {
  it.each([
    ['that was sold', giftCard(1, 'gift_card.issued'), ['gift_card_sold']],
    ['that staff gave away', giftCard(1, 'gift_card.issued', { source: 'staff' }), ['gift_card_given']],
    ['that ended', giftCard(1, 'gift_card.ended'), ['gift_card_ended']],
    ['in place of a refund, which its refund books,', giftCard(1, 'gift_card.issued', { source: 'refund' }), []],
    ['of an exchange, which its refund books,', giftCard(1, 'gift_card.issued', { source: 'exchange' }), []],
  ])('%s is booked as such', async (_, event, moves) => {
    const world = following(event)
    await followOrders(world.deps)
    expect(world.booked.map(({ move }) => move)).toEqual(moves)
    expect(world.orders.receipts).toMatchObject([done])
  })

  it('that got something back after it ended, and ends again, is booked both times, each once', async () => {
    const over = { giftCardId: 'gift_1' }
    const world = following(giftCard(4, 'gift_card.ended', over), giftCard(6, 'gift_card.ended', over))
    await followOrders(world.deps)
    expect(world.booked.map(({ move, about }) => [move, about])).toEqual([
      ['gift_card_ended', 'gift_1:4'],
      ['gift_card_ended', 'gift_1:6'],
    ])
  })
})

describe('an event with a malformed id', () => {
  it.each([
    aDueRefund(1, { refundId: 'mine' }),
    aDueRefund(1, { orderId: 'mine' }),
    aDueRefund(1, { currency: 'XXX' }),
  ])('is refused', async (event) => {
    const world = following(event)
    await followOrders(world.deps)
    expect(world.orders.receipts).toMatchObject([{ outcome: 'failed', failure: 'invalid_event' }])
  })
})
