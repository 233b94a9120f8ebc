import { addSeconds } from '@shop/kernel/time'
import { describe, expect, it, vi } from 'vitest'
import type { Payment } from '../../src/payments/domain/payment.ts'
import { type RefreshedState, refreshPayments } from '../../src/payments/refresh-payments.ts'
import { anAuthorizedPayment, anIntent, aPayment, now } from '../support/builders.ts'
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

describe('asking Stripe about an open payment', () => {
  const UNKNOWN = { kind: 'unknown', isReplayed: false } as const

  it('happens after the time between two checks, or a multiple of it', async () => {
    const world = aWorld()
    const claim = vi.spyOn(world.payments, 'claimUnseen')
    await refreshPayments(world.deps, { states: ['processing'], limit: 7 })
    await refreshPayments(world.deps, { states: ['processing'], factor: 60, limit: 7 })
    const claimed = (seconds: number) => ({
      now,
      seenBefore: addSeconds(now, -seconds),
      states: ['processing'],
      limit: 7,
    })
    expect(claim.mock.calls).toEqual([[claimed(60)], [claimed(3_600)]])
  })

  it('needs its intent', async () => {
    const world = await refresh(aPayment({ state: 'requires_action', attemptUntil: null }))
    expect(world.stripe.calls).toEqual([])
    expect(world.deps.warn).not.toHaveBeenCalled()
  })

  it('without an answer keeps no order from expiring whose customer has to act', async () => {
    const world = await refresh(anOpen('requires_action'), ({ stripe }) => stripe.answerNext('retrieve', UNKNOWN))
    expect(world.orders.told).toEqual([])
    expect(world.stripe.calls).toEqual(['retrieve pi_1'])
  })

  it.each(['succeeded', 'processing', 'canceled'] as const)('cancels nothing that is %s', async (state) => {
    const world = await refresh(anOpen(), ({ stripe, orders }) => {
      stripe.answerNext('retrieve', { kind: 'intent', intent: anIntent(state) })
      orders.isCancelled = true
    })
    expect(world.stripe.calls.filter((call) => call.startsWith('cancel'))).toEqual([])
  })

  it('leaves a payment to the next check while Stripe does not answer its cancellation', async () => {
    const world = await refresh(anOpen(), ({ stripe, orders }) => {
      stripe.intent = anIntent('requires_action')
      stripe.answerNext('cancel', UNKNOWN)
      orders.isCancelled = true
    })
    expect(world.payments.only.state).toBe('requires_action')
    expect(world.deps.warn).not.toHaveBeenCalled()
  })

  it('that fails is logged, and does not stop the others', async () => {
    const world = await refresh(anOpen(), ({ deps }) => {
      deps.stripeIntents.retrieve = () => Promise.reject(new Error('bug'))
    })
    expect(world.deps.warn).toHaveBeenCalledWith('sweep_item_failed', expect.objectContaining({ task: 'refresh' }))
  })
})
