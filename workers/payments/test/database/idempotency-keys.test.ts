import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aPayment, later, now, type Repositories, seen, startRepositories } from './support.ts'

let repo: Repositories

beforeAll(async () => {
  repo = await startRepositories()
})
afterAll(() => repo.stop())

const aClaim = (over = {}) => ({
  scope: 'user_1:startPayment',
  key: crypto.randomUUID(),
  requestHash: 'hash',
  claim: crypto.randomUUID(),
  ...over,
})
const claim = (of: ReturnType<typeof aClaim>, at = now) =>
  repo.keys.claim(of, { now: at, claimedUntil: new Date(at.getTime() + 60_000) })
const cards = { userId: null, saves: false }
const again = (of: ReturnType<typeof aClaim>) => ({ ...of, claim: crypto.randomUUID() })

describe('an idempotency key of a payment', () => {
  it('is claimed by one of ten requests; a different request with it is refused', async () => {
    const mine = aClaim()
    const said = await Promise.all(Array.from({ length: 10 }, () => claim(again(mine))))
    expect(said.toSorted()).toEqual(['claimed', ...Array(9).fill('in_flight')])
    expect(await claim({ ...again(mine), requestHash: 'another' })).toBe('other_request')
  })

  it('is in flight while Stripe is called, and then repeats the answer, even a decline', async () => {
    const mine = aClaim()
    await claim(mine)
    const { payment } = await repo.payments.start(aPayment(), mine)
    expect(await claim(again(mine), later(10_000))).toBe('in_flight')
    const declined = { attempt: 1, declineCode: 'generic_decline' }
    await repo.payments.recordState(seen(payment.id, 'requires_payment_method', declined))
    const outcome = { kind: 'declined', declineCode: 'generic_decline' }
    expect(await claim(again(mine))).toMatchObject({ outcome, payment: { id: payment.id } })

    const other = aClaim()
    await claim(other)
    const open = await repo.payments.find(payment.id)
    if (open === undefined) throw new Error('not found')
    const attempt = { method: 'pm_card_visa', cards, until: later(60), now, key: other }
    expect(await repo.payments.claimAttempt(open, attempt)).toMatchObject({ attempt: 2 })
    expect(await repo.payments.claimAttempt(open, attempt)).toBeUndefined()
    await repo.payments.recordState(seen(payment.id, 'succeeded', { attempt: 2, observedAt: later(3) }))
    expect(await claim(again(other))).toMatchObject({ outcome: { kind: 'paid' }, payment: { state: 'succeeded' } })
    expect(await claim(again(mine))).toMatchObject({ outcome })
  })

  it('is answered by the state of the payment when Stripe’s reply was lost', async () => {
    const mine = aClaim()
    await claim(mine)
    const { payment } = await repo.payments.start(aPayment(), mine)
    await repo.payments.recordState(seen(payment.id, 'succeeded'))
    expect(await claim(again(mine))).toMatchObject({ outcome: { kind: 'paid' }, payment: { state: 'succeeded' } })
  })

  it('is free again after a refusal, or when its request died before it reached Stripe', async () => {
    const dropped = aClaim()
    await claim(dropped)
    await repo.keys.release(dropped)
    expect(await claim(again(dropped))).toBe('claimed')

    const dead = aClaim()
    await claim(dead)
    expect(await claim(again(dead), later(59))).toBe('in_flight')
    expect(await claim(again(dead), later(61))).toBe('claimed')

    const refused = aClaim()
    await claim(refused)
    const { payment } = await repo.payments.start(aPayment(), refused)
    await repo.payments.endAttempt(payment, now)
    expect(await claim(again(refused))).toBe('claimed')
  })

  it('is not attached to a payment by a request whose claim was taken over', async () => {
    const first = aClaim()
    await claim(first)
    const second = again(first)
    await claim(second, later(61))
    await repo.payments.start(aPayment(), first)
    const { payment } = await repo.payments.start(aPayment(), second)
    await repo.keys.answer(second, { payment, outcome: { kind: 'reversed' } })
    expect(await claim(again(first))).toMatchObject({
      payment: { id: payment.id },
      outcome: { kind: 'reversed' },
    })
  })

  it('is kept for two days and then deleted', async () => {
    const mine = aClaim()
    await claim(mine)
    await repo.payments.start(aPayment(), mine)
    await repo.keys.prune(later(47 * 3_600))
    expect(await claim(again(mine))).toBe('in_flight')
    await repo.keys.prune(later(49 * 3_600))
    expect(await claim(again(mine))).toBe('claimed')
  })
})
