import { addSeconds } from '@shop/kernel/time'
import { describe, expect, it } from 'vitest'
import { creationWindow, howToResume } from '../../src/payments/domain/attempt.ts'
import { anAuthorizedPayment, aPayment, now } from '../support/builders.ts'

const KEPT_SECONDS = 23 * 3_600
const ago = (seconds: number) => addSeconds(now, -seconds)

describe('a lost call to Stripe', () => {
  it.each([
    ['would charge: the first attempt, before its intent is known', aPayment(), 'charge'],
    ['cannot charge: the first attempt, once its intent is known', aPayment({ intentId: 'pi_1' }), 'repeat'],
    ['cannot charge: an attempt without a method', aPayment({ attemptMethod: null }), 'repeat'],
    ['would charge: a later attempt with a method', aPayment({ intentId: 'pi_1', attempt: 2 }), 'charge'],
    [
      'cannot charge anew: the capture of an authorization',
      anAuthorizedPayment({ attempt: 2, captureAmount: 700 }),
      'repeat',
    ],
  ] as const)('%s', (_, payment, way) => {
    expect(howToResume(payment, now)).toBe(way)
  })

  it('is only looked up once Stripe may have forgotten its key', () => {
    const asked = (seconds: number) => aPayment({ createdAt: ago(seconds), updatedAt: ago(seconds) })
    expect(howToResume(asked(KEPT_SECONDS), now)).toBe('charge')
    expect(howToResume(asked(KEPT_SECONDS + 1), now)).toBe('look_up')
  })

  it('is as old as the payment for the first attempt, and as its last change for a later one', () => {
    const old = { createdAt: ago(KEPT_SECONDS + 1), updatedAt: now }
    expect(howToResume(aPayment(old), now)).toBe('look_up')
    expect(howToResume(aPayment({ ...old, intentId: 'pi_1', attempt: 2 }), now)).toBe('charge')
    const changedLongAgo = { createdAt: now, updatedAt: ago(KEPT_SECONDS + 1), intentId: 'pi_1', attempt: 2 }
    expect(howToResume(aPayment(changedLongAgo), now)).toBe('look_up')
  })
})

describe('the intent of a payment', () => {
  it('was created while its key was kept, give or take five minutes', () => {
    expect(creationWindow({ createdAt: now })).toEqual({
      since: ago(300),
      until: addSeconds(now, KEPT_SECONDS + 300),
    })
  })
})
