import { newId } from '@shop/http/ids'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { later, now, type Repositories, seen, started, startRepositories } from './support.ts'

let repo: Repositories
beforeAll(async () => {
  repo = await startRepositories()
})
afterAll(() => repo.stop())

const claim = (at: Date) => repo.erasures.claimDue({ now: at, leaseUntil: later(120), limit: 100 })

describe('an erasure', () => {
  it('is written once, and claimed by one of two sweeps', async () => {
    const userId = newId('user')
    await Promise.all([repo.erasures.request(userId, now), repo.erasures.request(userId, later(5))])
    const claimed = (await Promise.all([claim(later(10)), claim(later(10))])).flat()
    expect(claimed.filter((erasure) => erasure.userId === userId)).toHaveLength(1)
    await repo.erasures.end(userId, later(11))
    expect((await claim(later(1_000))).map((erasure) => erasure.userId)).not.toContain(userId)
  })

  it('forgets the Stripe customer, and nothing of what was paid', async () => {
    const userId = newId('user')
    await repo.customers.save({ userId, stripeCustomerId: `cus_${userId}`, createdAt: now })
    const payment = await started(repo, { userId, cards: { userId, saves: true } })
    expect(await repo.erasures.hasRunningPayments(userId)).toBe(true)
    await repo.payments.recordState(seen(payment.id, 'succeeded'))
    expect(await repo.erasures.hasRunningPayments(userId)).toBe(false)
    const { rows: before } = await repo.db.execute(sql`select * from payments.ledger where payment_id = ${payment.id}`)
    await repo.erasures.forget(userId)
    await repo.erasures.forget(userId)
    expect(await repo.customers.find(userId)).toBeUndefined()
    expect(await repo.payments.find(payment.id)).toMatchObject({ customerId: null, capturedAmount: 2_500, userId })
    const { rows: after } = await repo.db.execute(sql`select * from payments.ledger where payment_id = ${payment.id}`)
    expect(after).toEqual(before)
    expect(await repo.payments.listOf(userId, 10)).toMatchObject([{ id: payment.id }])
  })

  it('removes the reasons of refunds that staff typed, and keeps those of the shop', async () => {
    const userId = newId('user')
    const payment = await started(repo, { userId })
    await repo.payments.recordState(seen(payment.id, 'succeeded'))
    const add = (kind: 'staff' | 'system', reason: string) =>
      repo.db.execute(sql`
        insert into payments.refunds (id, payment_id, order_id, amount, currency, state, dedup_key, reason, actor,
                                      next_attempt_at, created_at, updated_at)
        values (${newId('refund')}, ${payment.id}, ${payment.orderId}, 100, 'USD', 'succeeded', ${reason}, ${reason},
                ${JSON.stringify({ kind })}::jsonb, now(), now(), now())`)
    await add('staff', 'Broken on the way to Main Street')
    await add('system', 'order_cancelled')
    await repo.erasures.forget(userId)
    const { rows } = await repo.db.execute(
      sql`select reason from payments.refunds where payment_id = ${payment.id} order by 1`,
    )
    expect(rows.map(({ reason }) => reason)).toEqual(['order_cancelled', 'requested_by_staff'])
  })

  it('leaves the customer of a payment that Stripe may still have to capture', async () => {
    const userId = newId('user')
    const payment = await started(repo, { userId, captureMethod: 'manual' })
    await repo.payments.recordState(seen(payment.id, 'requires_capture'))
    expect(await repo.erasures.hasRunningPayments(userId)).toBe(true)
  })
})
