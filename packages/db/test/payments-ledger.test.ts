import { newId } from '@shop/http/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../src/client.ts'
import { sqlState } from '../src/errors.ts'
import {
  applyState,
  findPayment,
  type Observation,
  readLedger,
  refundsOfPayment,
  reserveRefund,
  resolveRefund,
  settleRefund,
} from '../src/repositories/payments/index.ts'
import { aKey, anEvent, aRefund, balance, captured, later, ledgerOf, seen, started, USD } from './support/payments.ts'

let database: ServiceDatabase
let db: Db

beforeAll(async () => {
  database = await startDatabase()
  db = database.as('payments')
})
afterAll(() => database.stop())

describe('the ledger', () => {
  it.each([
    ['changed', sql`update payments.ledger set amount = 1`],
    ['shortened', sql`delete from payments.ledger`],
    ['emptied', sql`truncate payments.ledger`],
  ])('cannot be %s by the service', async (_, statement) => {
    await captured(db)
    expect(await db.execute(statement).catch(sqlState)).toBe('42501')
  })

  it('refuses to be changed by whoever may do everything else', async () => {
    await captured(db)
    const owner = new pg.Client({ connectionString: database.adminUrl })
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

  it('is read page by page, newest first, none twice and none left out', async () => {
    const payment = await captured(db)
    for (let times = 0; times < 3; times += 1) await reserveRefund(db, aRefund(payment.id, { amount: 10 }), aKey())
    const all = (await ledgerOf(db, payment.id)).reverse()
    const pages = []
    let before: number | null = null
    do {
      const { items } = await readLedger(db, { paymentId: payment.id, before, limit: 3 })
      pages.push(items)
      before = items.at(-1)?.id ?? null
    } while (before !== null)
    expect(pages.map((page) => page.length)).toEqual([3, 1, 0])
    expect(pages.flat()).toEqual(all)
  })
})

describe('whatever happens to a payment and its refunds, in whatever order', () => {
  const step = fc.oneof(
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
  type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

  async function take(step: Step, id: Awaited<ReturnType<typeof started>>['id']): Promise<void> {
    switch (step.act) {
      case 'capture':
        await applyState(db, seen(id, 'succeeded', { capturedAmount: step.amount }))
        return
      case 'cancel':
        await applyState(db, seen(id, 'canceled'))
        return
      case 'refund':
        await reserveRefund(db, aRefund(id, { amount: step.amount, reason: 'asked' }), aKey())
        return
      case 'refund_rest':
        await resolveRefund(db, aRefund(id))
        return
      case 'settle': {
        const refund = (await refundsOfPayment(db, id))[step.nth]
        if (refund === undefined) return
        const stripeRefundId = step.isKnown || step.state !== 'failed' ? `re_${refund.id}` : null
        const { id: refundId, amount } = refund
        const failure = step.state === 'failed' ? 'declined' : null
        await settleRefund(db, {
          refundId,
          stripeRefundId,
          amount,
          currency: USD,
          state: step.state,
          failure,
          now: later(5),
        })
      }
    }
  }

  it('the ledger has of it at Stripe what was captured less what went back, and owes what is reserved', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { id } = await started(db)
        for (const each of steps) await take(each, id)
        const [payment, entries, refunds] = await Promise.all([
          findPayment(db, id),
          ledgerOf(db, id),
          refundsOfPayment(db, id),
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

describe('the webhooks of one payment', () => {
  /** What Stripe tells of a payment in its life, each at its second; duplicates come too. */
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
    'called off while it was on its way': [
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

  it.each(Object.entries(LIVES))('%s: come to the same in every order, and however often', async (_, life) => {
    const once = life.map(([state, second]) => ({ state, second, event: newId('payment') }))
    const outcomeOf = async (told: typeof once) => {
      const { id } = await started(db, { captureMethod: 'manual' })
      for (const { state, second, event } of told) {
        const observedAt = later(second)
        await applyState(db, seen(id, state, { observedAt }), anEvent(`payment_intent.${state}`, `${event}:${id}`))
      }
      const payment = await findPayment(db, id)
      const moves = (await ledgerOf(db, id)).map(({ debit, credit, amount }) => ({ debit, credit, amount }))
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
  })
})
