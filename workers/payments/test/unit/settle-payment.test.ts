import type { PaymentsReceipt } from '@shop/contracts/orders/rpc'
import { describe, expect, it } from 'vitest'
import type { PaymentStateEvent } from '../../src/events/domain/order-events.ts'
import type { Payment } from '../../src/payments/domain/payment.ts'
import { carryOutDecision, settleIntent } from '../../src/payments/settle-payment.ts'
import { aCapturedPayment, anAuthorizedPayment, anIntent, aPayment, now, PAYMENT_ID } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

const accepted = { eventId: 1, outcome: 'done', decision: 'accepted' } as const
const rejected = { eventId: 1, outcome: 'done', decision: 'rejected' } as const
const DONE = { eventId: 1, outcome: 'done' }

/** Carries out what orders decided about the event of a payment's state. */
async function carryOut(payment: Payment, receipt: PaymentsReceipt, arrange: (world: World) => void = () => undefined) {
  const world = aWorld()
  world.payments.addUntold(payment)
  arrange(world)
  const event = world.events.rows[0]?.event as PaymentStateEvent
  return { ...world, applied: await carryOutDecision(world.deps, event, receipt) }
}
type World = ReturnType<typeof aWorld>

describe('a payment that its order takes', () => {
  it.each([
    ['paid', aCapturedPayment()],
    ['authorized', anAuthorizedPayment()],
  ])('is %s', async (kind, payment) => {
    const { applied, stripe } = await carryOut(payment, accepted)
    expect(applied).toEqual({ outcome: { kind }, receipt: DONE })
    expect(stripe.calls).toEqual([])
  })
})

describe('a payment that its order rejects', () => {
  it('is refunded when it was captured', async () => {
    const { applied, payments } = await carryOut(aCapturedPayment(), rejected)
    expect(applied).toEqual({ outcome: { kind: 'reversed' }, receipt: DONE })
    expect(payments.only.refundedAmount).toBe(2_500)
  })

  it('is voided when it was authorized', async () => {
    const { applied, payments, stripe } = await carryOut(anAuthorizedPayment(), rejected)
    expect(applied).toEqual({ outcome: { kind: 'reversed' }, receipt: DONE })
    expect(payments.only).toMatchObject({ state: 'canceled', updatedAt: now })
    expect(stripe.calls).toEqual(['cancel pi_1'])
  })

  it('is delivered again while Stripe does not answer the void', async () => {
    const { applied } = await carryOut(anAuthorizedPayment(), rejected, ({ stripe }) => {
      stripe.answerNext('cancel', { kind: 'unknown', isReplayed: false })
    })
    expect(applied).toEqual({
      outcome: { kind: 'pending' },
      receipt: { eventId: 1, outcome: 'failed', failure: 'service_unavailable' },
    })
  })

  it.each([
    ['has ended', anAuthorizedPayment({ state: 'canceled' })],
    ['has been captured meanwhile', aCapturedPayment()],
    ['has no intent at Stripe', anAuthorizedPayment({ intentId: null })],
    ['does not exist', undefined],
  ])('needs no void when it %s', async (_, current) => {
    const { applied, stripe } = await carryOut(anAuthorizedPayment(), rejected, ({ deps }) => {
      deps.payments.find = async () => current
    })
    expect(applied).toEqual({ outcome: { kind: 'reversed' }, receipt: DONE })
    expect(stripe.calls).toEqual([])
  })
})

describe('an authorization that has ended', () => {
  it('is reversed once its order knows, and nothing is left to do', async () => {
    const { applied, stripe } = await carryOut(anAuthorizedPayment({ state: 'canceled' }), accepted)
    expect(applied).toEqual({ outcome: { kind: 'reversed' }, receipt: DONE })
    expect(stripe.calls).toEqual([])
  })
})

describe('an order that has not decided', () => {
  it.each([
    { eventId: 1, outcome: 'failed', failure: 'service_unavailable' } as const,
    { eventId: 1, outcome: 'skipped' } as const,
  ])('leaves the payment pending: %j', async (receipt) => {
    const { applied } = await carryOut(aCapturedPayment(), receipt)
    expect(applied).toEqual({ outcome: { kind: 'pending' }, receipt })
  })
})

describe('a bug', () => {
  it('is a state of a payment that does not exist', async () => {
    const settling = settleIntent(aWorld().deps, aPayment(), anIntent('succeeded'), now)
    await expect(settling).rejects.toThrow(`There is no payment ${PAYMENT_ID}`)
  })

  it('is an event whose payment has no id', async () => {
    const world = aWorld()
    world.payments.addUntold(aCapturedPayment({ id: 'pay_malformed' }))
    const event = world.events.rows[0]?.event as PaymentStateEvent
    await expect(carryOutDecision(world.deps, event, rejected)).rejects.toThrow('Malformed payment of event 1')
    expect(world.refunds.rows).toEqual([])
  })
})
