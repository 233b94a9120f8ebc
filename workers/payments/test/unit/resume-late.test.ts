import { describe, expect, it, vi } from 'vitest'
import { resumeAttempt } from '../../src/operations/resume-attempt.ts'
import { aPayment, depsWith, now } from '../support/builders.ts'

const HOUR_MS = 3_600_000
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * HOUR_MS)

describe('a call to Stripe that got lost more than a day ago', () => {
  it('is not made again, since Stripe may have forgotten its key: it is looked for by its metadata', async () => {
    const findIntent = vi.fn(async () => ({ kind: 'absent' }))
    const endAttempt = vi.fn()
    const payment = aPayment({ createdAt: hoursAgo(24), updatedAt: hoursAgo(24) })
    await resumeAttempt(depsWith({ provider: { findIntent }, store: { endAttempt } }), payment)
    expect(findIntent).toHaveBeenCalledWith({
      paymentId: payment.id,
      since: new Date(hoursAgo(24).getTime() - 300_000),
      until: new Date(hoursAgo(1).getTime() + 300_000),
    })
    expect(endAttempt).toHaveBeenCalledWith(payment, now)
  })

  it('that was to confirm is found out by looking at its PaymentIntent', async () => {
    const retrieveIntent = vi.fn(async () => ({ kind: 'unknown', isReplayed: false }))
    const payment = aPayment({
      intentId: 'pi_1',
      attempt: 2,
      state: 'requires_payment_method',
      createdAt: hoursAgo(50),
      updatedAt: hoursAgo(24),
    })
    await resumeAttempt(depsWith({ provider: { retrieveIntent } }), payment)
    expect(retrieveIntent).toHaveBeenCalledWith('pi_1')
  })

  it('is made again with its key before that', async () => {
    const createIntent = vi.fn(async () => ({ kind: 'unknown', isReplayed: false }))
    const isPending = async () => ({ ok: true, value: true })
    const payment = aPayment({ createdAt: hoursAgo(22), updatedAt: hoursAgo(22) })
    await resumeAttempt(depsWith({ provider: { createIntent }, orders: { isPending } }), payment)
    expect(createIntent).toHaveBeenCalledWith(expect.objectContaining({ key: `${payment.id}:1` }))
  })
})
