import { Unavailable } from '@shop/kernel/unavailable'
import { describe, expect, it } from 'vitest'
import { applyDisputeReport } from '../../src/disputes/apply-dispute-report.ts'
import type { ReportedSubject, WebhookEvent } from '../../src/webhooks/domain/webhook-event.ts'
import { receiveStripeWebhook } from '../../src/webhooks/receive-stripe-webhook.ts'
import {
  aCapturedPayment,
  aDisputeReport,
  anAuthorizedPayment,
  anIntent,
  aPayment,
  aRefund,
  aRefundReport,
  EUR,
  now,
  PAYMENT_ID,
  USD,
} from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

type World = ReturnType<typeof aWorld>

/** Delivers an event about the subject. */
async function receive(world: World, subject: ReportedSubject, over: Partial<WebhookEvent> = {}) {
  const event = { id: 'evt_1', type: 'test', createdAt: now, payload: {}, flag: null, subject, ...over }
  world.stripe.eventsByBody.set(event.id, event)
  expect(await receiveStripeWebhook(world.deps, { body: event.id, signature: 'valid' })).toEqual({ ok: true })
  return world.webhookEvents.outcomes.get(event.id)
}

function withPayment(payment = aPayment({ intentId: 'pi_1', state: 'requires_action', attemptUntil: null })): World {
  const world = aWorld()
  world.payments.add(payment)
  return world
}

/** A refund that Stripe has received but not settled. */
const aPending = () => aRefund({ stripeRefundId: 're_1', leaseUntil: null })

const APPLIED = { outcome: 'applied', flag: null }
const IGNORED = { outcome: 'ignored', flag: null }
const ANOTHER_SHAPE = { outcome: 'flagged', flag: 'another_shape' }

describe('a webhook', () => {
  it('with an invalid signature is refused', async () => {
    const refused = await receiveStripeWebhook(aWorld().deps, { body: '{}', signature: 'forged' })
    expect(refused).toEqual({ ok: false, failure: { code: 'invalid_signature' } })
  })

  it.each(['another_account', 'another_mode'] as const)('flagged with %s changes nothing', async (flag) => {
    const world = withPayment()
    const stored = await receive(world, { about: 'intent', intent: anIntent('succeeded') }, { flag })
    expect(stored).toEqual({ outcome: 'flagged', flag })
    expect(world.payments.only.state).toBe('requires_action')
    expect(world.deps.warn).toHaveBeenCalledWith('webhook_flagged', expect.objectContaining({ flag }))
  })

  const named = { about: 'reference', kind: 'payment_intent', id: 'pi_1' } as const

  it('that only names its object applies what Stripe has now', async () => {
    const world = withPayment()
    world.stripe.subjects.set('pi_1', { about: 'intent', intent: anIntent('succeeded') })
    expect(await receive(world, named)).toEqual(APPLIED)
    expect(world.payments.only.state).toBe('succeeded')
    expect(world.orders.told).toEqual(['payment.captured'])
  })

  it('that names an object which Stripe does not have is kept for staff', async () => {
    expect(await receive(withPayment(), named)).toEqual(ANOTHER_SHAPE)
  })

  it('that names an object fails while Stripe does not answer, so that Stripe sends it again', async () => {
    const world = withPayment()
    world.stripe.isDown = true
    await expect(receive(world, named)).rejects.toThrow(Unavailable)
    expect(world.webhookEvents.outcomes.size).toBe(0)
  })

  it('that cannot be read is kept for staff, and changes nothing', async () => {
    const world = withPayment()
    expect(await receive(world, { about: 'unreadable' })).toEqual(ANOTHER_SHAPE)
    expect(world.deps.warn).toHaveBeenCalledWith('webhook_flagged', expect.objectContaining({ flag: 'another_shape' }))
  })

  it('of another account retrieves nothing', async () => {
    const world = withPayment()
    await receive(world, named, { flag: 'another_account' })
    expect(world.stripe.calls).toEqual([])
  })

  it('about anything else is stored and acknowledged', async () => {
    expect(await receive(aWorld(), { about: 'other' })).toEqual(IGNORED)
  })
})

describe('a webhook about a PaymentIntent', () => {
  it('that succeeded makes the order paid, once', async () => {
    const world = withPayment()
    const subject = { about: 'intent', intent: anIntent('succeeded') } as const
    expect(await receive(world, subject)).toEqual(APPLIED)
    await receive(world, subject)
    await receive(world, subject, { id: 'evt_2' })
    expect(world.orders.told).toEqual(['payment.captured'])
  })

  it('that succeeded for a cancelled order causes a refund', async () => {
    const world = withPayment()
    world.orders.isCancelled = true
    await receive(world, { about: 'intent', intent: anIntent('succeeded') })
    expect(world.payments.only.refundedAmount).toBe(2_500)
  })

  it('that can be captured marks the order authorized', async () => {
    const world = withPayment()
    await receive(world, { about: 'intent', intent: anIntent('requires_capture') })
    expect(world.orders.told).toEqual(['payment.authorized'])
  })

  it('that is processing keeps the order from expiring', async () => {
    const world = withPayment()
    await receive(world, { about: 'intent', intent: anIntent('processing') })
    expect(world.orders.told).toEqual(['extendOrder'])
  })

  it('whose payment failed records the decline', async () => {
    const world = withPayment()
    const intent = anIntent('requires_payment_method', { declineCode: 'expired_card' })
    await receive(world, { about: 'intent', intent })
    expect(world.payments.only).toMatchObject({ state: 'requires_payment_method', declineCode: 'expired_card' })
    expect(world.orders.told).toEqual([])
  })

  it('that was canceled informs the order only of a lost authorization', async () => {
    const open = withPayment()
    await receive(open, { about: 'intent', intent: anIntent('canceled') })
    expect(open.orders.told).toEqual([])
    const authorized = withPayment(anAuthorizedPayment())
    await receive(authorized, { about: 'intent', intent: anIntent('canceled') })
    expect(authorized.orders.told).toEqual(['payment.authorization_lost'])
  })

  it('of another amount is flagged and changes nothing', async () => {
    const world = withPayment()
    const stored = await receive(world, { about: 'intent', intent: anIntent('succeeded', { amount: 1 }) })
    expect(stored).toEqual({ outcome: 'flagged', flag: 'another_amount' })
    expect(world.payments.only.state).toBe('requires_action')
  })

  it('of another shop is ignored', async () => {
    const foreign = anIntent('succeeded', { paymentId: null })
    expect(await receive(aWorld(), { about: 'intent', intent: foreign })).toEqual(IGNORED)
    expect(await receive(aWorld(), { about: 'intent', intent: anIntent('succeeded') })).toEqual(IGNORED)
  })
})

describe('a webhook about a refund', () => {
  const subject = { about: 'refund', refund: aRefundReport() } as const

  it('that succeeded is settled, and the order is informed', async () => {
    const world = withPayment(aCapturedPayment())
    world.refunds.add(aPending())
    expect(await receive(world, subject)).toEqual(APPLIED)
    expect(world.payments.only).toMatchObject({ refundedAmount: 2_500, reservedAmount: 0 })
    expect(world.orders.told).toEqual(['refund.succeeded'])
  })

  it('that the bank returned is settled, and the order is informed', async () => {
    const world = withPayment(aCapturedPayment())
    world.refunds.add(aPending())
    await receive(world, subject)
    const failed = aRefundReport({ state: 'failed', failure: 'expired_or_canceled_card' })
    await receive(world, { about: 'refund', refund: failed }, { id: 'evt_2' })
    expect(world.payments.only.refundedAmount).toBe(0)
    expect(world.orders.told).toEqual(['refund.succeeded', 'refund.returned'])
    expect(world.deps.warn).toHaveBeenCalledWith('refund_failed', expect.objectContaining({ change: 'returned' }))
  })

  it('that failed releases its amount, and the order is informed', async () => {
    const world = withPayment(aCapturedPayment())
    world.refunds.add(aPending())
    await receive(world, { about: 'refund', refund: aRefundReport({ state: 'failed', failure: 'declined' }) })
    expect(world.payments.only).toMatchObject({ refundedAmount: 0, reservedAmount: 0 })
    expect(world.orders.told).toEqual(['refund.failed'])
  })

  it('that was made in the dashboard is recorded as one of the shop’s', async () => {
    const world = withPayment(aCapturedPayment())
    const report = aRefundReport({ refundId: null, stripeRefundId: 're_dashboard', amount: 700 })
    expect(await receive(world, { about: 'refund', refund: report })).toEqual(APPLIED)
    expect(world.refunds.rows).toMatchObject([{ state: 'succeeded', amount: 700, reason: 'dashboard' }])
    expect(world.orders.told).toEqual(['refund.succeeded'])
  })

  it('of more than is left is listed for staff', async () => {
    const world = withPayment(aCapturedPayment())
    const report = aRefundReport({ refundId: null, amount: 2_501 })
    expect(await receive(world, { about: 'refund', refund: report })).toEqual(IGNORED)
    expect(world.discrepancies).toEqual([
      { kind: 'refund_not_booked', subject: 're_1', paymentId: PAYMENT_ID, stripe: '25.01 USD, succeeded', shop: null },
    ])
  })

  it.each([
    ['another_amount', { amount: 1 }],
    ['another_currency', { currency: EUR }],
  ] as const)('with %s than the recorded refund is flagged', async (flag, over) => {
    const world = withPayment(aCapturedPayment())
    world.refunds.add(aPending())
    const stored = await receive(world, { about: 'refund', refund: aRefundReport(over) })
    expect(stored).toEqual({ outcome: 'flagged', flag })
    expect(world.refunds.rows[0]?.state).toBe('pending')
  })

  it('of a payment of another shop, or in its own currency, changes nothing', async () => {
    expect(await receive(aWorld(), subject)).toEqual(IGNORED)
    const world = withPayment(aCapturedPayment())
    const report = aRefundReport({ refundId: null, currency: EUR })
    expect(await receive(world, { about: 'refund', refund: report })).toEqual({
      outcome: 'flagged',
      flag: 'another_currency',
    })
  })
})

describe('a webhook about a charge', () => {
  const charge = { intentId: 'pi_1', currency: USD, refunded: 2_500 }

  it('that was refunded reads its refunds', async () => {
    const world = withPayment(aCapturedPayment())
    world.stripe.refundReports = [aRefundReport({ refundId: null })]
    expect(await receive(world, { about: 'charge', charge })).toEqual(APPLIED)
    expect(world.payments.only.refundedAmount).toBe(2_500)
  })

  it('with the recorded refunds reads nothing', async () => {
    const world = withPayment(aCapturedPayment({ refundedAmount: 2_500 }))
    world.stripe.refundReports = undefined
    expect(await receive(world, { about: 'charge', charge })).toEqual(APPLIED)
  })

  it('fails when Stripe does not list its refunds, so that Stripe sends the event again', async () => {
    const world = withPayment(aCapturedPayment())
    world.stripe.refundReports = undefined
    await expect(receive(world, { about: 'charge', charge })).rejects.toThrow(Unavailable)
    expect(world.webhookEvents.outcomes.size).toBe(0)
  })

  it('in another currency is flagged; of another shop it is ignored', async () => {
    const flagged = await receive(withPayment(aCapturedPayment()), {
      about: 'charge',
      charge: { ...charge, currency: EUR },
    })
    expect(flagged).toEqual({ outcome: 'flagged', flag: 'another_currency' })
    expect(await receive(aWorld(), { about: 'charge', charge })).toEqual(IGNORED)
  })
})

describe('a webhook about a dispute', () => {
  const subject = (over = {}) => ({ about: 'dispute', dispute: aDisputeReport(over) }) as const

  it('is recorded with its event, and the order is informed', async () => {
    const world = withPayment(aCapturedPayment())
    expect(await receive(world, subject())).toEqual(APPLIED)
    expect(world.disputes).toMatchObject([{ id: 'du_1', paymentId: PAYMENT_ID, observedAt: now }])
    expect(world.orders.told).toEqual(['dispute.created'])
  })

  it.each([
    ['another_currency', { currency: EUR }],
    ['another_amount', { amount: 2_501 }],
  ])('with %s is flagged', async (flag, over) => {
    const world = withPayment(aCapturedPayment())
    expect(await receive(world, subject(over))).toEqual({ outcome: 'flagged', flag })
    expect(world.disputes).toEqual([])
  })

  it('of another shop is ignored', async () => {
    expect(await receive(aWorld(), subject())).toEqual(IGNORED)
  })
})

describe('a dispute that says nothing new', () => {
  it('is told to nobody', async () => {
    const world = withPayment(aCapturedPayment())
    world.deps.disputes.record = async () => undefined
    const report = { ...aDisputeReport(), observedAt: now }
    const event = { id: 'evt_1', type: 'test', createdAt: now, payload: {}, outcome: 'applied', flag: null } as const
    expect(await applyDisputeReport(world.deps, report, event as never)).toBeUndefined()
    expect(world.orders.told).toEqual([])
  })
})
