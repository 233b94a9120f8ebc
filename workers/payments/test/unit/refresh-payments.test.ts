import { describe, expect, it } from 'vitest'
import type { Payment } from '../../src/payments/domain/payment.ts'
import { type RefreshedState, refreshPayments } from '../../src/payments/refresh-payments.ts'
import { anAuthorizedPayment, anIntent, aPayment } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

const anOpen = (state: Payment['state'] = 'requires_action') =>
  aPayment({ state, intentId: 'pi_1', attemptUntil: null })

/** Refreshes a payment without news for an hour. */
async function refresh(payment: Payment, arrange: (world: ReturnType<typeof aWorld>) => void = () => undefined) {
  const world = aWorld()
  world.payments.addUntold(payment)
  world.passHours(1)
  arrange(world)
  const states = [payment.state as RefreshedState]
  expect(await refreshPayments(world.deps, { states, limit: 50 })).toBe(1)
  return world
}

describe('an open payment without news', () => {
  it('is settled with Stripe’s state, even without a webhook', async () => {
    const world = await refresh(anOpen(), ({ stripe }) => {
      stripe.answerNext('retrieve', { kind: 'intent', intent: anIntent('succeeded') })
    })
    expect(world.payments.only.state).toBe('succeeded')
    expect(world.orders.told).toEqual(['payment.captured'])
  })

  it('stays open while its order waits for it', async () => {
    const world = await refresh(anOpen(), ({ stripe }) => {
      stripe.intent = anIntent('requires_action')
    })
    expect(world.stripe.calls).toEqual(['retrieve pi_1'])
  })

  it('is canceled when its order no longer waits for it', async () => {
    const world = await refresh(anOpen(), ({ stripe, orders }) => {
      stripe.intent = anIntent('requires_action')
      orders.isCancelled = true
    })
    expect(world.payments.only.state).toBe('canceled')
  })

  it('keeps its order from expiring while the money is in processing, even when Stripe does not answer', async () => {
    const unanswered = await refresh(anOpen('processing'), ({ stripe }) => {
      stripe.answerNext('retrieve', { kind: 'unknown', isReplayed: false })
    })
    expect(unanswered.orders.told).toEqual(['extendOrder'])
    const answered = await refresh(anOpen('processing'), ({ stripe }) => {
      stripe.intent = anIntent('processing')
    })
    expect(answered.orders.told).toEqual(['extendOrder'])
  })

  it('that is authorized is offered to its order again, and voided when the order is cancelled', async () => {
    const world = await refresh(anAuthorizedPayment(), ({ stripe, orders }) => {
      stripe.intent = anIntent('requires_capture')
      orders.isCancelled = true
    })
    expect(world.orders.told).toEqual(['payment.authorized'])
    expect(world.payments.only.state).toBe('canceled')
  })

  it('is not checked before its time', async () => {
    const world = aWorld()
    world.payments.add(anOpen())
    expect(await refreshPayments(world.deps, { states: ['requires_action'], limit: 50 })).toBe(0)
  })
})
