import { sqlState } from '@shop/db/errors'
import { newId } from '@shop/http/ids'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LedgerEntry } from '../../src/ledger/domain/ledger.ts'
import type { Observation } from '../../src/payments/repository/state.ts'
import {
  aKey,
  anEvent,
  aRefund,
  balance,
  captured,
  later,
  ledgerOf,
  type Repositories,
  seen,
  started,
  startRepositories,
  USD,
} from './support.ts'

let repo: Repositories

beforeAll(async () => {
  repo = await startRepositories()
})
afterAll(() => repo.stop())

describe('the ledger', () => {
  it.each([
    ['changed', sql`update payments.ledger set amount = 1`],
    ['shortened', sql`delete from payments.ledger`],
    ['emptied', sql`truncate payments.ledger`],
  ])('cannot be %s by the service', async (_, statement) => {
    await captured(repo)
    expect(await repo.db.execute(statement).catch(sqlState)).toBe('42501')
  })

  it('cannot be changed by the owner of the database either', async () => {
    await captured(repo)
    const owner = new pg.Client({ connectionString: repo.adminUrl })
    await owner.connect()
    for (const statement of [
      'update payments.ledger set amount = 1',
      'delete from payments.ledger',
      'truncate payments.ledger',
    ]) {
      await expect(owner.query(statement)).rejects.toThrow('append-only')
    }
    await owner.end()
  })

  it('is read page by page, newest first, each entry once', async () => {
    const payment = await captured(repo)
    for (let times = 0; times < 3; times += 1) await repo.refunds.reserve(aRefund(payment.id, { amount: 10 }), aKey())
    const all = (await ledgerOf(repo, payment.id)).reverse()
    const pages = []
    let after: number | undefined
    do {
      const entries: LedgerEntry[] = await repo.ledger.list({ paymentId: payment.id, after, limit: 3 })
      pages.push(entries)
      after = entries.at(-1)?.id
    } while (after !== undefined)
    expect(pages.map((page) => page.length)).toEqual([3, 1, 0])
    expect(pages.flat()).toEqual(all)
  })
})

describe('any sequence of captures, cancellations and refunds', () => {
  const action = fc.oneof(
    fc.record({ act: fc.constant('capture' as const), amount: fc.integer({ min: 1, max: 2_500 }) }),
    fc.record({ act: fc.constant('cancel' as const) }),
    fc.record({ act: fc.constant('refund' as const), amount: fc.integer({ min: 1, max: 1_500 }) }),
    fc.record({ act: fc.constant('refund_rest' as const) }),
    fc.record({
      act: fc.constant('settle' as const),
      nth: fc.nat(5),
      state: fc.constantFrom('succeeded' as const, 'failed' as const, 'pending' as const),
      isKnown: fc.boolean(),
    }),
  )
  type Action = typeof action extends fc.Arbitrary<infer S> ? S : never

  async function perform(action: Action, id: Awaited<ReturnType<typeof started>>['id']): Promise<void> {
    switch (action.act) {
      case 'capture':
        await repo.payments.recordState(seen(id, 'succeeded', { capturedAmount: action.amount }))
        return
      case 'cancel':
        await repo.payments.recordState(seen(id, 'canceled'))
        return
      case 'refund':
        await repo.refunds.reserve(aRefund(id, { amount: action.amount, reason: 'asked' }), aKey())
        return
      case 'refund_rest':
        await repo.refunds.reserveAutomatic(aRefund(id))
        return
      case 'settle': {
        const refund = (await repo.refunds.ofPayment(id))[action.nth]
        if (refund === undefined) return
        const stripeRefundId = action.isKnown || action.state !== 'failed' ? `re_${refund.id}` : null
        const { id: refundId, amount } = refund
        const failure = action.state === 'failed' ? 'declined' : null
        await repo.refunds.settle({
          refundId,
          stripeRefundId,
          amount,
          currency: USD,
          state: action.state,
          failure,
          isFailureKnown: false,
          now: later(5),
        })
      }
    }
  }

  it('leaves a ledger with the captured less the refunded amount at Stripe, and the reserved amount due', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 25 }), async (actions) => {
        const { id } = await started(repo)
        for (const each of actions) await perform(each, id)
        const [payment, entries, refunds] = await Promise.all([
          repo.payments.find(id),
          ledgerOf(repo, id),
          repo.refunds.ofPayment(id),
        ])
        if (payment === undefined) throw new Error('not found')
        const { capturedAmount, refundedAmount, reservedAmount } = payment
        const sumOf = (state: string) =>
          refunds.filter((refund) => refund.state === state).reduce((sum, { amount }) => sum + amount, 0)
        expect([refundedAmount, reservedAmount]).toEqual([sumOf('succeeded'), sumOf('pending')])
        expect(refundedAmount + reservedAmount).toBeLessThanOrEqual(capturedAmount)
        expect(balance(entries, 'stripe')).toBe(capturedAmount - refundedAmount)
        expect(balance(entries, 'refunds_due') + reservedAmount).toBe(0)
        expect(balance(entries, 'refunds')).toBe(refundedAmount + reservedAmount)
      }),
      { numRuns: 60 },
    )
  })
})

describe('the webhooks of a payment', () => {
  /** What Stripe reports about a payment over its life, each at its own second; duplicates occur too. */
  const LIVES: Record<string, [state: Observation['state'], second: number][]> = {
    'declined, then paid': [
      ['requires_payment_method', 1],
      ['processing', 2],
      ['succeeded', 3],
    ],
    'authenticated within a second, then failed': [
      ['requires_action', 1],
      ['processing', 1],
      ['requires_payment_method', 2],
    ],
    'canceled while it was on its way': [
      ['requires_action', 1],
      ['canceled', 2],
    ],
    'authorized, then captured': [
      ['requires_action', 1],
      ['requires_capture', 2],
      ['succeeded', 3],
    ],
    'authorized, then expired': [
      ['requires_capture', 1],
      ['canceled', 2],
    ],
  }

  it.each(Object.entries(LIVES))(
    'that is %s have the same result in every order, also when repeated',
    async (_, life) => {
      const once = life.map(([state, second]) => ({ state, second, event: newId('payment') }))
      const outcomeOf = async (told: typeof once) => {
        const { id } = await started(repo, { captureMethod: 'manual' })
        for (const { state, second, event } of told) {
          const observedAt = later(second)
          await repo.payments.recordState(
            seen(id, state, { observedAt }),
            anEvent(`payment_intent.${state}`, `${event}:${id}`),
          )
        }
        const payment = await repo.payments.find(id)
        const moves = (await ledgerOf(repo, id)).map(({ debit, credit, amount }) => ({ debit, credit, amount }))
        return { state: payment?.state, captured: payment?.capturedAmount, moves }
      }
      const expected = await outcomeOf(once)
      expect(expected.state).toBe(life.at(-1)?.[0])
      await fc.assert(
        fc.asyncProperty(fc.shuffledSubarray([...once, ...once], { minLength: once.length * 2 }), async (told) => {
          expect(await outcomeOf(told)).toEqual(expected)
        }),
        { numRuns: 25 },
      )
    },
  )
})
