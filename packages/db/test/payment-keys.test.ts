import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../src/client.ts'
import {
  answerPaymentKey,
  applyState,
  claimAttempt,
  claimPaymentKey,
  dropPaymentKey,
  endAttempt,
  findPayment,
  prunePayments,
  startPayment,
} from '../src/repositories/payments/index.ts'
import { aPayment, later, now, seen } from './support/payments.ts'

let database: ServiceDatabase
let db: Db

beforeAll(async () => {
  database = await startDatabase()
  db = database.as('payments')
})
afterAll(() => database.stop())

const aClaim = (over = {}) => ({
  scope: 'user_1:startPayment',
  key: crypto.randomUUID(),
  requestHash: 'hash',
  claim: crypto.randomUUID(),
  ...over,
})
const claim = (of: ReturnType<typeof aClaim>, at = now) =>
  claimPaymentKey(db, of, { now: at, claimedUntil: new Date(at.getTime() + 60_000) })
const again = (of: ReturnType<typeof aClaim>) => ({ ...of, claim: crypto.randomUUID() })

describe('an idempotency key of payments', () => {
  it('is taken by one of ten requests; another request is told so', async () => {
    const mine = aClaim()
    const said = await Promise.all(Array.from({ length: 10 }, () => claim(again(mine))))
    expect(said.toSorted()).toEqual(['claimed', ...Array(9).fill('in_flight')])
    expect(await claim({ ...again(mine), requestHash: 'another' })).toBe('other_request')
  })

  it('is in flight while Stripe is asked, and then gives the answer: a decline, too', async () => {
    const mine = aClaim()
    await claim(mine)
    const { payment } = await startPayment(db, aPayment(), mine)
    expect(await claim(again(mine), later(10_000))).toBe('in_flight')
    const declined = { attempt: 1, declineCode: 'generic_decline' }
    await applyState(db, seen(payment.id, 'requires_payment_method', declined))
    const answer = { kind: 'declined', declineCode: 'generic_decline' }
    expect(await claim(again(mine))).toMatchObject({ answer, payment: { id: payment.id } })

    const other = aClaim()
    await claim(other)
    const open = await findPayment(db, payment.id)
    if (open === undefined) throw new Error('not found')
    const attempt = { method: 'pm_card_visa', until: later(60), now, key: other }
    expect(await claimAttempt(db, open, attempt)).toMatchObject({ attempt: 2 })
    expect(await claimAttempt(db, open, attempt)).toBeUndefined()
    await applyState(db, seen(payment.id, 'succeeded', { attempt: 2, observedAt: later(3) }))
    expect(await claim(again(other))).toMatchObject({ answer: { kind: 'payment' }, payment: { state: 'succeeded' } })
    expect(await claim(again(mine))).toMatchObject({ answer })
  })

  it('whose reply was lost is answered by what became of the payment', async () => {
    const mine = aClaim()
    await claim(mine)
    const { payment } = await startPayment(db, aPayment(), mine)
    await applyState(db, seen(payment.id, 'succeeded'))
    expect(await claim(again(mine))).toMatchObject({ answer: { kind: 'payment' }, payment: { state: 'succeeded' } })
  })

  it('is free again after a refusal, or when its request died before it asked for anything', async () => {
    const dropped = aClaim()
    await claim(dropped)
    await dropPaymentKey(db, dropped)
    expect(await claim(again(dropped))).toBe('claimed')

    const dead = aClaim()
    await claim(dead)
    expect(await claim(again(dead), later(59))).toBe('in_flight')
    expect(await claim(again(dead), later(61))).toBe('claimed')

    const refused = aClaim()
    await claim(refused)
    const { payment } = await startPayment(db, aPayment(), refused)
    await endAttempt(db, payment, now)
    expect(await claim(again(refused))).toBe('claimed')
  })

  it('is not attached to a payment by a request that lost it', async () => {
    const first = aClaim()
    await claim(first)
    const second = again(first)
    await claim(second, later(61))
    await startPayment(db, aPayment(), first)
    const { payment } = await startPayment(db, aPayment(), second)
    await answerPaymentKey(db, second, { paymentId: payment.id, answer: { kind: 'order_cancelled' } })
    expect(await claim(again(first))).toMatchObject({
      payment: { id: payment.id },
      answer: { kind: 'order_cancelled' },
    })
  })

  it('is kept for a day and more, and then forgotten', async () => {
    const mine = aClaim()
    await claim(mine)
    await startPayment(db, aPayment(), mine)
    await prunePayments(db, later(47 * 3_600))
    expect(await claim(again(mine))).toBe('in_flight')
    await prunePayments(db, later(49 * 3_600))
    expect(await claim(again(mine))).toBe('claimed')
  })
})
