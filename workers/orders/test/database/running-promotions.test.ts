import { askAll, type Db } from '@shop/db/client'
import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { planOf } from '@shop/testing/plans'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { customerKeyOf } from '../../src/buyers/customer-key.ts'
import { ordersRepositories } from '../../src/deps.ts'
import {
  decideRunning,
  type RunningPromotions,
  type RunningQuery,
} from '../../src/promotions/domain/running-promotions.ts'
import type { StoredPromotion } from '../../src/promotions/domain/stored-promotion.ts'
import { candidatesStatement } from '../../src/promotions/repository/running.ts'
import { aPromotion } from '../support/promotions.ts'
import { cancelUnpaid, placeWithUses } from './place-with-uses.ts'

let database: ServiceDatabase
let db: Db
let repositories: ReturnType<typeof ordersRepositories>

beforeAll(async () => {
  database = await startDatabase()
  db = database.as('orders')
  repositories = ordersRepositories(db)
})
afterAll(() => database.stop())

const EUR = currency('EUR')
const now = new Date('2026-11-23T10:00:00.000Z')
const at = (seconds: number) => new Date(now.getTime() + seconds * 1_000)

async function promotion(over: Partial<StoredPromotion> = {}): Promise<StoredPromotion> {
  const { updatedAt: _, version, usage, ...fields } = aPromotion(over)
  const saved = await repositories.promotions.insert(fields)
  if (!saved.ok) throw new Error(saved.failure.code)
  return saved.value
}
async function running(over: Partial<RunningQuery> = {}): Promise<RunningPromotions> {
  const query = { codes: [], now, customerKey: null, currency: EUR, ...over }
  const { candidates, ...rest } = await repositories.rules.find({ ...query, country: null, userId: null })
  return { ...decideRunning(candidates, query), groupIds: rest.groupIds, isFirstOrder: rest.isFirstOrder }
}
const idsOf = ({ running: found }: RunningPromotions) => found.map(({ promotion }) => promotion.id)
const newCode = () => `Sale ${newId('user')}`

describe('the promotions that run', () => {
  it('are the automatic ones within their dates, and those of the entered codes', async () => {
    const code = newCode()
    const [always, within, byCode, bySingle] = [
      await promotion(),
      await promotion({ startsAt: now, endsAt: at(1) }),
      await promotion({ code }),
      await promotion({ hasSingleUseCodes: true }),
    ]
    const others = [
      await promotion({ startsAt: at(1) }),
      await promotion({ endsAt: now }),
      await promotion({ code: newCode() }),
      await promotion({ usageLimit: 1, budget: { currency: currency('USD'), amount: 1 } }),
    ]
    const single = `${bySingle.id}-1`.toUpperCase()
    const batch = { id: newId('codeBatch'), promotionId: bySingle.id, codes: [single], createdAt: now }
    await repositories.promotions.insertCodes(batch)
    const found = await running({ codes: [code.toUpperCase(), ` ${single.toLowerCase()}`] })
    expect(found.refused).toEqual([])
    expect(idsOf(found)).toEqual(expect.arrayContaining([always.id, within.id, byCode.id, bySingle.id]))
    for (const { id } of others) expect(idsOf(found)).not.toContain(id)
    const codes = new Map(found.running.map(({ promotion }) => [promotion.id, promotion.code]))
    expect([byCode, bySingle].map(({ id }) => codes.get(id))).toEqual([code, single.toLowerCase()])
  })

  it('are read whole', async () => {
    const code = newCode()
    const { id, name, type, amounts } = await promotion({
      ...{ code, type: 'fixed_amount', value: null, amounts: [{ currency: EUR, amount: 123 }] },
      budget: { currency: EUR, amount: 999_999_999_999_999 },
    })
    const found = (await running({ codes: [code] })).running.find(({ promotion }) => promotion.id === id)
    const empty = { value: null, tiers: [], buy: null, get: null }
    const { appliesTo, conditions } = aPromotion()
    expect(found).toEqual({
      promotion: { id, name, code, type, amounts, ...empty, appliesTo, conditions, priority: 0, stackable: true },
      budgetLeft: 999_999_999_999_999,
    })
  })

  it('are read in one round trip, which may read more', async () => {
    const query = { codes: [newCode()], now, customerKey: null, currency: EUR }
    database.resetCounts()
    await running(query)
    expect(database.counts().roundTrips).toBe(1)
    const [rows = [], one] = await askAll(db, [candidatesStatement.of(query), { text: 'select 1 as one', values: [] }])
    const { candidates } = candidatesStatement.resultOf(rows)
    expect(decideRunning(candidates, query).refused).toEqual([{ code: query.codes[0], reason: 'unknown' }])
    expect(one).toEqual([{ one: 1 }])
  })
})

describe('a code that cannot be used', () => {
  it('is told from others by its reason', async () => {
    const codes = { soon: newCode(), over: newCode(), gone: newCode(), full: newCode(), mine: newCode() }
    await promotion({ code: codes.soon, startsAt: at(1) })
    await promotion({ code: codes.over, endsAt: now })
    const gone = await promotion({ code: codes.gone })
    await repositories.promotions.delete({ decidedFrom: gone, updatedAt: now })
    const full = await promotion({ code: codes.full, usageLimit: 1 })
    const mine = await promotion({ code: codes.mine, usageLimitPerCustomer: 1 })
    const customerKey = `account:${newId('user')}`
    const uses = [full, mine].map(({ id, code }) => ({ promotionId: id, code, amount: 1 }))
    const placed = await placeWithUses(db, { customerKey, uses })
    const { refused } = await running({ codes: Object.values(codes), customerKey })
    expect(refused).toEqual([
      { code: codes.soon, reason: 'not_started' },
      { code: codes.over, reason: 'ended' },
      { code: codes.gone, reason: 'unknown' },
      { code: codes.full, reason: 'used_up' },
      { code: codes.mine, reason: 'used_up_by_customer' },
    ])
    const others = await running({ codes: [codes.mine, codes.full], customerKey: `account:${newId('user')}` })
    expect(others.refused).toEqual([{ code: codes.full, reason: 'used_up' }])
    if ('id' in placed) await cancelUnpaid(db, [placed.id])
    expect((await running({ codes: [codes.full, codes.mine], customerKey })).refused).toEqual([])
  })

  it('may be a text that no code can be', async () => {
    const codes = ['a\u0000b', '\ud800', 'x'.repeat(10_000)]
    expect((await running({ codes })).refused).toEqual(codes.map((code) => ({ code, reason: 'unknown' })))
  })

  it('may be a single-use one that an order uses', async () => {
    const { id } = await promotion({ hasSingleUseCodes: true })
    const code = `${id}-1`.toUpperCase()
    await repositories.promotions.insertCodes({
      id: newId('codeBatch'),
      promotionId: id,
      codes: [code],
      createdAt: now,
    })
    await placeWithUses(db, { uses: [{ promotionId: id, code, amount: 1 }] })
    expect((await running({ codes: [code] })).refused).toEqual([{ code, reason: 'used_up' }])
  })
})

describe('a customer', () => {
  it('has a first order until one stands, whether account or guest', async () => {
    const email = `Ada.${crypto.randomUUID()}@Example.com`
    const keys = [
      await customerKeyOf({ userId: newId('user'), email: null }),
      await customerKeyOf({ userId: null, email }),
    ]
    for (const customerKey of keys) {
      expect((await running({ customerKey })).isFirstOrder).toBe(true)
      const placed = await placeWithUses(db, { customerKey, uses: [] })
      expect((await running({ customerKey })).isFirstOrder).toBe(false)
      if ('id' in placed) await cancelUnpaid(db, [placed.id])
      expect((await running({ customerKey })).isFirstOrder).toBe(true)
    }
    expect(await customerKeyOf({ userId: null, email: ` ${email.toUpperCase()}` })).toBe(keys[1])
    expect((await running()).isFirstOrder).toBe(true)
  })

  it('is in the groups of the account', async () => {
    const userId = newId('user')
    const joined = { sequence: 2, removed: [] }
    await repositories.customerGroups.changeMembers({ groupId: 'vip', ...joined, added: [userId] })
    await repositories.customerGroups.changeMembers({ groupId: 'staff', ...joined, added: [userId, newId('user')] })
    await repositories.customerGroups.changeMembers({ groupId: 'other', ...joined, added: [newId('user')] })
    await repositories.customerGroups.changeMembers({ groupId: 'former', ...joined, added: [userId] })
    await repositories.customerGroups.changeMembers({ groupId: 'former', sequence: 3, added: [], removed: [userId] })
    expect((await running({ customerKey: `account:${userId}` })).groupIds).toEqual(['staff', 'vip'])
    expect((await running({ customerKey: 'email:aa' })).groupIds).toEqual([])
  })
})

describe('with many promotions, codes and orders', () => {
  it('every part is read by its index', async () => {
    const admin = new pg.Client({ connectionString: database.adminUrl })
    await admin.connect()
    const { id } = await promotion({ hasSingleUseCodes: true })
    await admin.query(`
      insert into orders.promotions (id, name, code, type, applies_to, conditions, priority, stackable, created_at, updated_at)
      select 'promo_' || n, 'Sale', 'C' || n, 'free_shipping', '{}', '{}', 0, true, now(), now() from generate_series(1, 5000) n`)
    await admin.query(`
      insert into orders.promotion_codes (code, promotion_id, batch_id, position, created_at)
      select 'S' || n, '${id}', 'batch_1', n, now() from generate_series(1, 20000) n`)
    await admin.query(`
      insert into orders.orders (id, customer_key, email, status, payment_status, subtotal, total, currency, created_at, updated_at, expires_at)
      select 'order_' || n, 'email:' || n, 'a@b.c', 'delivered', 'paid', 100, 100, 'USD', now(), now(), now()
      from generate_series(1, 5000) n`)
    for (const table of ['promotions', 'promotion_codes', 'orders']) await admin.query(`vacuum analyze orders.${table}`)
    const plan = await planOf(admin, () => running({ codes: ['S1', 'C2'], customerKey: 'email:7' }))
    await admin.end()
    expect(plan).toMatch(/promotion_codes_pkey/)
    expect(plan).toMatch(/promotions_automatic/)
    expect(plan).toMatch(/orders_of_customer/)
    expect(plan).not.toMatch(/Seq Scan on (?:promotion|orders)/)
  })
})
