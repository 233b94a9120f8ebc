import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { intentAnswer, refundAnswer } from '../../src/stripe/answers.ts'

type Raw = Parameters<typeof Stripe.errors.StripeError.generate>[0]

const refuse = (raw: Raw) => () => Promise.reject(Stripe.errors.StripeError.generate(raw))
const message = 'No'

describe('a call whose key', () => {
  it('was used with other parameters may have acted, so its outcome is looked up: Stripe only repeats this answer', async () => {
    const call = refuse({ type: 'idempotency_error', statusCode: 400, message })
    expect(await intentAnswer(call)).toEqual({ kind: 'unknown', isReplayed: true })
    expect(await refundAnswer(call)).toEqual({ kind: 'unknown', isReplayed: true })
  })

  it.each(['idempotency_error', 'invalid_request_error'] as const)(
    'is in use (%s) may still act, and is retried',
    async (type) => {
      const call = refuse({ type, code: 'idempotency_key_in_use', statusCode: 409, message })
      expect(await intentAnswer(call)).toEqual({ kind: 'unknown', isReplayed: false })
      expect(await refundAnswer(call)).toEqual({ kind: 'unknown', isReplayed: false })
    },
  )
})

describe('a call that Stripe refuses', () => {
  it('had no effect', async () => {
    const call = refuse({ type: 'invalid_request_error', code: 'amount_too_small', statusCode: 400, message })
    expect(await intentAnswer(call)).toEqual({ kind: 'refused', reason: 'amount_not_chargeable' })
    expect(await refundAnswer(call)).toEqual({ kind: 'refused', reason: 'amount_too_small' })
  })
})
