import { describe, expect, it, vi } from 'vitest'
import type { Payment } from '../../src/payments/domain/payment.ts'
import { resumeAttempts } from '../../src/payments/resume-attempts.ts'
import { anAuthorizedPayment, anIntent, aPayment, now, PAYMENT_ID } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
const LOST = new Date(now.getTime() - 1_000)
const UNKNOWN = { kind: 'unknown', isReplayed: false } as const
const REPLAYED = { kind: 'unknown', isReplayed: true } as const

/** A world with a payment whose call to Stripe was lost. */
function withLost(payment: Partial<Payment> = {}) {
  const world = aWorld()
  world.payments.add(aPayment({ attemptUntil: LOST, ...payment }))
  return world
}

/** A payment that was being confirmed with another card. */
const CONFIRMING = { intentId: 'pi_1', state: 'requires_payment_method', attempt: 2 } as const

describe('a lost call to Stripe', () => {
  it('is repeated with its key while the order waits for the payment', async () => {
    const world = withLost({ createdAt: hoursAgo(22), updatedAt: hoursAgo(22) })
    expect(await resumeAttempts(world.deps, 50)).toBe(1)
    expect(world.stripe.calls).toEqual([`create ${PAYMENT_ID}:1`])
    expect(world.payments.only.state).toBe('succeeded')
    expect(world.orders.told).toEqual(['payment.captured'])
  })

  it('is not repeated before its deadline', async () => {
    const world = withLost({ attemptUntil: new Date(now.getTime() + 1_000) })
    expect(await resumeAttempts(world.deps, 50)).toBe(0)
  })

  it('is only looked up for a cancelled order; a payment that Stripe does not know ends', async () => {
    const world = withLost()
    world.orders.isCancelled = true
    await resumeAttempts(world.deps, 50)
    expect(world.stripe.calls).toEqual([`find ${PAYMENT_ID}`])
    expect(world.payments.only.state).toBe('canceled')
  })

  it('that would confirm is only looked up for a cancelled order, by its PaymentIntent', async () => {
    const world = withLost(CONFIRMING)
    world.orders.isCancelled = true
    world.stripe.answerNext('retrieve', UNKNOWN)
    await resumeAttempts(world.deps, 50)
    expect(world.stripe.calls).toEqual(['retrieve pi_1'])
    expect(world.payments.only.attemptUntil).not.toBeNull()
  })

  it('is left for later while orders does not answer', async () => {
    const world = withLost()
    world.orders.isDown = true
    await resumeAttempts(world.deps, 50)
    expect(world.stripe.calls).toEqual([])
  })

  it('is only looked up once its intent is known, since its key belongs to the creation', async () => {
    const world = withLost({ intentId: 'pi_1', state: 'requires_action' })
    await resumeAttempts(world.deps, 50)
    expect(world.stripe.calls).toEqual(['retrieve pi_1'])
  })

  it('with a server error that Stripe repeats for the key is looked up', async () => {
    const world = withLost()
    world.stripe.answerNext('create', REPLAYED)
    world.stripe.answerNext('find', { kind: 'intent', intent: anIntent('succeeded') })
    await resumeAttempts(world.deps, 50)
    expect(world.payments.only.state).toBe('succeeded')
  })

  it('that was a capture is repeated with its key and amount, whatever the order’s status', async () => {
    const world = aWorld()
    world.orders.isDown = true
    world.payments.add(anAuthorizedPayment({ attempt: 3, captureAmount: 700, attemptUntil: LOST }))
    await resumeAttempts(world.deps, 50)
    expect(world.stripe.calls).toEqual([`capture 700 ${PAYMENT_ID}:3`])
    expect(world.payments.only).toMatchObject({ state: 'succeeded', capturedAmount: 700 })
    expect(world.events.undelivered).toEqual(['payment.captured'])
  })

  it('that fails does not stop the others', async () => {
    const world = withLost()
    world.payments.add(aPayment({ id: 'pay_2', orderId: 'order_2', intentId: 'pi_2', attemptUntil: LOST }))
    world.deps.stripeIntents.create = async () => {
      throw new Error('bug')
    }
    expect(await resumeAttempts(world.deps, 50)).toBe(2)
    expect(world.stripe.calls).toEqual(['retrieve pi_2'])
    expect(world.deps.warn).toHaveBeenCalledWith('sweep_item_failed', expect.objectContaining({ task: 'resume' }))
  })
})

describe('a call that was lost more than 23 hours ago', () => {
  it('is not repeated, since Stripe may have forgotten its key: it is searched by its metadata', async () => {
    const world = withLost({ createdAt: hoursAgo(24), updatedAt: hoursAgo(24) })
    const find = vi.spyOn(world.deps.stripeIntents, 'find')
    await resumeAttempts(world.deps, 50)
    expect(find).toHaveBeenCalledWith({
      paymentId: PAYMENT_ID,
      since: new Date(hoursAgo(24).getTime() - 300_000),
      until: new Date(hoursAgo(1).getTime() + 300_000),
    })
    expect(world.payments.only.state).toBe('canceled')
  })

  it('to confirm is resolved by reading its PaymentIntent', async () => {
    const world = withLost({ ...CONFIRMING, createdAt: hoursAgo(50), updatedAt: hoursAgo(24) })
    world.stripe.answerNext('retrieve', { kind: 'intent', intent: anIntent('succeeded') })
    await resumeAttempts(world.deps, 50)
    expect(world.stripe.calls).toEqual(['retrieve pi_1'])
    expect(world.payments.only.state).toBe('succeeded')
  })
})

describe('a repeated call', () => {
  it('whose answer is unknown again stays open, and is not looked up: its key still tells', async () => {
    const world = withLost()
    world.stripe.answerNext('create', UNKNOWN)
    await resumeAttempts(world.deps, 50)
    expect(world.stripe.calls).toEqual([`create ${PAYMENT_ID}:1`])
    expect(world.payments.only).toMatchObject({ state: 'starting', attemptUntil: new Date(now.getTime() + 30_000) })
  })
})
