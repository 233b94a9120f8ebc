import type { Db } from '@shop/db/client'
import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import type { OrderId } from '@shop/kernel/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { eventually } from '@shop/testing/eventually'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ordersRepositories } from '../../src/deps.ts'
import type { StoredPromotion } from '../../src/promotions/domain/stored-promotion.ts'
import { aPromotion } from '../support/promotions.ts'
import { cancelUnpaid, placeWithUses, returnUses } from './place-with-uses.ts'

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
const now = new Date()

async function promotion(over: Partial<StoredPromotion> = {}): Promise<StoredPromotion> {
  const { updatedAt: _, version, usage, ...fields } = aPromotion(over)
  const saved = await repositories.promotions.insert(fields)
  if (!saved.ok) throw new Error(saved.failure.code)
  return saved.value
}

/** @returns false when another writer won */
async function change(id: StoredPromotion['id'], over: Partial<StoredPromotion>): Promise<boolean> {
  const decidedFrom = await repositories.promotions.find(id)
  if (decidedFrom === undefined) throw new Error('It is gone')
  const fields = { ...fieldsOf(decidedFrom), ...fieldsOf(over) }
  const saved = await repositories.promotions.update({ decidedFrom, updatedAt: now }, fields)
  return saved.ok && saved.value !== undefined
}

const fieldsOf = <T extends Partial<StoredPromotion>>({ id: _, createdAt, updatedAt, version, usage, ...fields }: T) =>
  fields

async function codesOf(id: StoredPromotion['id'], codes: string[]): Promise<void> {
  await repositories.promotions.insertCodes({ id: newId('codeBatch'), promotionId: id, codes, createdAt: now })
}

const use = ({ id, code }: StoredPromotion, amount = 500) => ({ promotionId: id, code, amount })
const usageOf = async ({ id }: StoredPromotion) => (await repositories.promotions.find(id))?.usage
const times = <T>(count: number, make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)))

/** The ids of what was written, and the reasons for what was not. */
function split(outcomes: Awaited<ReturnType<typeof placeWithUses>>[]) {
  const written = outcomes.flatMap((outcome) => ('id' in outcome ? [outcome.id] : []))
  return { written, reasons: outcomes.flatMap((outcome) => ('id' in outcome ? [] : [outcome.reason])) }
}

async function ordersExist(ids: readonly OrderId[]): Promise<number> {
  const { rows } = await db.execute(sql`select id from orders.orders where id = any(${`{${ids.join()}}`}::text[])`)
  return rows.length
}

/** A transaction that is left open until another one waits for it. */
async function transaction() {
  const client = new pg.Client({ connectionString: database.adminUrl })
  await client.connect()
  await client.query('begin')
  const waiting = async () =>
    (await client.query("select 1 from pg_stat_activity where wait_event_type = 'Lock'")).rows.length
  return {
    query: (text: string, values: unknown[]) => client.query(text, values),
    commitOnceAnotherWaits: async () => {
      await eventually(waiting, (count) => count === 1, 10_000).finally(() => client.query('commit'))
      await client.end()
    },
  }
}

describe('200 orders at once', () => {
  it.each([
    ['by code', { code: 'Fifty' }],
    ['of an automatic promotion', {}],
  ])('%s for 50 uses give exactly 50', async (_, over) => {
    const sale = await promotion({ ...over, usageLimit: 50 })
    const { written, reasons } = split(await times(200, () => placeWithUses(db, { uses: [use(sale)] })))
    expect([written.length, reasons.length, new Set(reasons)]).toEqual([50, 150, new Set(['used_up'])])
    expect(await ordersExist(written)).toBe(50)
    expect(await usageOf(sale)).toEqual({ uses: 50, amount: 0 })
  })

  it('of eight customers give each of them their uses', async () => {
    const sale = await promotion({ usageLimitPerCustomer: 3 })
    const customers = Array.from({ length: 8 }, () => `email:${newId('user')}`)
    const outcomes = await times(200, (n) =>
      placeWithUses(db, { customerKey: customers[n % 8] ?? '', uses: [use(sale)] }),
    )
    const { written, reasons } = split(outcomes)
    expect([written.length, new Set(reasons)]).toEqual([24, new Set(['used_up_by_customer'])])
    expect(new Set(written.map((id) => outcomes.findIndex((one) => 'id' in one && one.id === id) % 8)).size).toBe(8)
  })

  it('never get more than the budget, and get all that fits', async () => {
    const sale = await promotion({ budget: { currency: EUR, amount: 10_000 } })
    const amounts = Array.from({ length: 200 }, (_, n) => 100 + (n % 7) * 50)
    const outcomes = await times(200, (n) => placeWithUses(db, { uses: [use(sale, amounts[n])] }))
    const { reasons } = split(outcomes)
    const got = amounts.filter((_, n) => 'id' in (outcomes[n] ?? {})).reduce((sum, amount) => sum + amount, 0)
    expect(new Set(reasons)).toEqual(new Set(['used_up']))
    expect((await usageOf(sale))?.amount).toBe(got)
    expect(got).toBeGreaterThan(10_000 - 400)
    expect(got).toBeLessThanOrEqual(10_000)
  })

  it('use a single-use code once, and each of twenty once', async () => {
    const sale = await promotion({ hasSingleUseCodes: true })
    const codes = Array.from({ length: 20 }, (_, n) => `${sale.id}-${n}`.toUpperCase())
    await codesOf(sale.id, codes)
    const outcomes = await times(200, (n) =>
      placeWithUses(db, { uses: [{ promotionId: sale.id, code: (codes[n % 20] ?? '').toLowerCase(), amount: 1 }] }),
    )
    const { written, reasons } = split(outcomes)
    expect([written.length, new Set(reasons)]).toEqual([20, new Set(['used_up'])])
    const listed = await repositories.promotions.listCodes({ promotionId: sale.id, limit: 100 })
    expect(listed.map(({ usedBy }) => usedBy).sort()).toEqual(written.sort())
  })
})

describe('an order', () => {
  it('that breaks one limit is not written, and uses nothing of its other promotions', async () => {
    const [free, full] = [
      await promotion({ usageLimit: 9 }),
      await promotion({ usageLimit: 1, code: `F${newId('user')}` }),
    ]
    await placeWithUses(db, { uses: [use(full)] })
    const refused = await placeWithUses(db, { uses: [use(free), use(full)] })
    expect(refused).toEqual({ promotionId: full.id, code: full.code, reason: 'used_up' })
    expect(await usageOf(free)).toEqual({ uses: 0, amount: 0 })
  })

  it('uses its promotions in one round trip', async () => {
    const sale = await promotion({ usageLimit: 9, usageLimitPerCustomer: 9 })
    database.resetCounts()
    const placed = await placeWithUses(db, { uses: [use(sale)] })
    expect(placed).toHaveProperty('id')
    expect(database.counts().roundTrips).toBe(1)
  })

  it('of more than the whole budget, or in another currency, is refused', async () => {
    const sale = await promotion({ budget: { currency: EUR, amount: 1_000 } })
    for (const order of [{ uses: [use(sale, 1_001)] }, { currency: 'USD', uses: [use(sale, 1)] }]) {
      expect(await placeWithUses(db, order)).toMatchObject({ promotionId: sale.id, reason: 'used_up' })
    }
    expect(await placeWithUses(db, { uses: [use(sale, 1_000)] })).toHaveProperty('id')
  })

  it('leaves no counter where there is no limit', async () => {
    const sale = await promotion()
    await placeWithUses(db, { uses: [use(sale)] })
    const { rows } = await db.execute(sql`select 1 from orders.promotion_counters where promotion_id = ${sale.id}`)
    expect(rows).toEqual([])
  })

  it('without promotions is written as ever', async () => {
    expect(await placeWithUses(db, { uses: [] })).toHaveProperty('id')
  })
})

describe('a cancelled unpaid order', () => {
  it('gives its uses back once, however often and at how many places it is cancelled', async () => {
    const sale = await promotion({ usageLimit: 2, usageLimitPerCustomer: 2, budget: { currency: EUR, amount: 1_000 } })
    const customerKey = `account:${newId('user')}`
    const buy = () => placeWithUses(db, { customerKey, uses: [use(sale)] })
    const { written } = split([await buy(), await buy(), await buy()])
    expect(written).toHaveLength(2)
    const ended = await times(10, () => cancelUnpaid(db, written.slice(0, 1)))
    expect(ended.reduce((sum, count) => sum + count, 0)).toBe(1)
    expect(await usageOf(sale)).toEqual({ uses: 1, amount: 500 })
    const again = split(await times(10, buy))
    expect(again.written).toHaveLength(1)
    expect(await usageOf(sale)).toEqual({ uses: 2, amount: 1_000 })
  })

  it('gives them back once even if its statement is wrong and runs ten times', async () => {
    const sale = await promotion({ usageLimit: 9 })
    const { written } = split(await times(2, () => placeWithUses(db, { uses: [use(sale)] })))
    await times(10, () => returnUses(db, written.slice(0, 1)))
    expect(await usageOf(sale)).toEqual({ uses: 1, amount: 0 })
  })

  it('makes its single-use code usable again, for one order', async () => {
    const sale = await promotion({ hasSingleUseCodes: true })
    const code = `${sale.id}-A`.toUpperCase()
    await codesOf(sale.id, [code])
    const buy = () => placeWithUses(db, { uses: [{ promotionId: sale.id, code, amount: 1 }] })
    const first = split([await buy()]).written
    const raced = await Promise.all([cancelUnpaid(db, first), ...Array.from({ length: 10 }, buy)])
    const meanwhile = split(raced.filter((outcome) => typeof outcome !== 'number')).written
    expect(meanwhile.length).toBeLessThanOrEqual(1)
    const after = split(await times(10, buy)).written
    expect([...meanwhile, ...after]).toHaveLength(1)
    const [listed] = await repositories.promotions.listCodes({ promotionId: sale.id, limit: 1 })
    expect([listed?.usedBy]).toEqual([...meanwhile, ...after])
  })
})

describe('a limit that staff set later', () => {
  it('counts the uses before it, all of them and by customer', async () => {
    const sale = await promotion()
    const customerKey = `account:${newId('user')}`
    const { written } = split(await times(3, () => placeWithUses(db, { customerKey, uses: [use(sale)] })))
    await cancelUnpaid(db, written.slice(0, 1))
    await change(sale.id, { usageLimit: 3, usageLimitPerCustomer: 2, budget: { currency: EUR, amount: 1_500 } })
    expect(await usageOf(sale)).toEqual({ uses: 2, amount: 1_000 })
    expect(await placeWithUses(db, { customerKey, uses: [use(sale)] })).toMatchObject({ reason: 'used_up_by_customer' })
    expect(await placeWithUses(db, { uses: [use(sale)] })).toHaveProperty('id')
    expect(await placeWithUses(db, { uses: [use(sale)] })).toMatchObject({ reason: 'used_up' })
    await cancelUnpaid(db, written)
    expect(await usageOf(sale)).toEqual({ uses: 1, amount: 500 })
  })

  it('counts orders that are being written at that moment', async () => {
    const sale = await promotion()
    const place = () => placeWithUses(db, { uses: [use(sale)] })
    const [early, , late] = await Promise.all([
      times(60, place),
      change(sale.id, { usageLimit: 121 }),
      times(60, place),
    ])
    expect(split([...early, ...late]).written).toHaveLength(120)
    expect(await usageOf(sale)).toEqual({ uses: 120, amount: 0 })
    expect(split(await times(10, place)).written).toHaveLength(1)
  })

  it('is kept by an order that began before it was set', async () => {
    const sale = await promotion()
    const admin = await transaction()
    await admin.query('update orders.promotions set usage_limit = 1 where id = $1', [sale.id])
    await admin.query("insert into orders.promotion_counters values ($1, '', 1, 0, null, null, now())", [sale.id])
    const placed = placeWithUses(db, { uses: [use(sale)] })
    await admin.commitOnceAnotherWaits()
    expect(await placed).toMatchObject({ promotionId: sale.id, reason: 'used_up' })
  })

  it('counts an order that began before it was set', async () => {
    const sale = await promotion()
    const { written } = split([await placeWithUses(db, { uses: [] })])
    const admin = await transaction()
    await admin.query('select 1 from orders.promotions where id = $1 for share', [sale.id])
    await admin.query(
      `insert into orders.promotion_uses (order_id, promotion_id, customer_key, is_single_use, amount, currency, created_at)
       values ($1, $2, 'email:aa', false, 500, 'EUR', now())`,
      [written[0], sale.id],
    )
    const changed = change(sale.id, { usageLimit: 1 })
    await admin.commitOnceAnotherWaits()
    expect(await changed).toBe(true)
    expect(await usageOf(sale)).toEqual({ uses: 1, amount: 0 })
  })

  it('below what is used refuses further uses, and lets orders give theirs back', async () => {
    const sale = await promotion({ usageLimit: 5 })
    const { written } = split(await times(4, () => placeWithUses(db, { uses: [use(sale)] })))
    await change(sale.id, { usageLimit: 2 })
    expect(await placeWithUses(db, { uses: [use(sale)] })).toMatchObject({ reason: 'used_up' })
    expect(await cancelUnpaid(db, written.slice(0, 3))).toBe(3)
    expect(await usageOf(sale)).toEqual({ uses: 1, amount: 0 })
    expect(await placeWithUses(db, { uses: [use(sale)] })).toHaveProperty('id')
    expect(await placeWithUses(db, { uses: [use(sale)] })).toMatchObject({ reason: 'used_up' })
  })

  it('and removes again leaves no counter, and a new one counts afresh', async () => {
    const sale = await promotion({ usageLimit: 5, usageLimitPerCustomer: 5 })
    const { written } = split(await times(2, () => placeWithUses(db, { uses: [use(sale)] })))
    await change(sale.id, { usageLimit: null, usageLimitPerCustomer: null })
    const { rows } = await db.execute(sql`select 1 from orders.promotion_counters where promotion_id = ${sale.id}`)
    expect([rows, await usageOf(sale)]).toEqual([[], null])
    await cancelUnpaid(db, written.slice(0, 1))
    await placeWithUses(db, { uses: [use(sale)] })
    await change(sale.id, { usageLimit: 5 })
    expect(await usageOf(sale)).toEqual({ uses: 2, amount: 0 })
  })
})

describe('any history of orders', () => {
  const steps = fc.array(
    fc.record({
      customer: fc.nat(2),
      of: fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 3 }),
      amount: fc.integer({ min: 1, max: 400 }),
      ends: fc.boolean(),
      limit: fc.option(fc.integer({ min: 1, max: 6 }), { nil: null, freq: 4 }),
    }),
    { minLength: 1, maxLength: 12 },
  )

  it('leaves in each counter exactly the uses that stand, within its limits, and never waits for ever', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 3 }), async (rounds) => {
        const made = [
          await promotion({ usageLimit: 5 }),
          await promotion({ usageLimitPerCustomer: 2, budget: { currency: EUR, amount: 1_000 } }),
          await promotion(),
        ]
        const run = newId('user')
        for (const round of rounds) {
          await Promise.all(
            round.map(async ({ customer, of, amount, ends, limit }) => {
              const uses = of.flatMap((n) => (made[n] ? [use(made[n], amount)] : []))
              const placed = await placeWithUses(db, { customerKey: `email:${run}-${customer}`, uses })
              if ('id' in placed && ends) await cancelUnpaid(db, [placed.id])
              if (limit !== null && made[2]) await change(made[2].id, { usageLimit: limit })
            }),
          )
        }
        const ids = `{${made.map(({ id }) => id).join()}}`
        const { rows: wrong } = await db.execute(sql`
          select counter.* from orders.promotion_counters counter
          join orders.promotions promotion on promotion.id = counter.promotion_id
          cross join lateral (
            select count(*) as uses, coalesce(sum(use.amount), 0) as amount from orders.promotion_uses use
            where use.promotion_id = counter.promotion_id and use.returned_at is null
              and counter.customer_key in ('', use.customer_key)) standing
          where counter.promotion_id = any(${ids}::text[]) and (
            counter.uses <> standing.uses
            or (counter.customer_key = '' and promotion.budget is not null and counter.amount <> standing.amount)
            or counter.amount > promotion.budget
            or (counter.customer_key <> '' and counter.uses > promotion.usage_limit_per_customer))`)
        expect(wrong).toEqual([])
        expect((await usageOf(made[0] ?? aPromotion()))?.uses).toBeLessThanOrEqual(5)
      }),
      { numRuns: 20 },
    )
  })
})
