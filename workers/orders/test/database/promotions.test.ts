import type { Db } from '@shop/db/client'
import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import type { PromotionId } from '@shop/kernel/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ordersRepositories } from '../../src/deps.ts'
import type { PromotionFields, StoredPromotion } from '../../src/promotions/domain/stored-promotion.ts'
import { aPromotion } from '../support/promotions.ts'

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
const createdAt = new Date('2026-11-23T10:00:00.000Z')
const later = new Date('2026-11-23T11:00:00.000Z')

function fieldsOf({ id: _, createdAt, updatedAt, version, usage, ...fields }: StoredPromotion): PromotionFields {
  return fields
}
const draft = (over: Partial<StoredPromotion> = {}) => ({
  ...fieldsOf(aPromotion(over)),
  id: newId('promotion'),
  createdAt,
})

async function saved(over: Partial<StoredPromotion> = {}): Promise<StoredPromotion> {
  const inserted = await repositories.promotions.insert(draft(over))
  if (!inserted.ok) throw new Error(inserted.failure.code)
  return inserted.value
}
const update = (decidedFrom: StoredPromotion, over: Partial<PromotionFields>) =>
  repositories.promotions.update({ decidedFrom, updatedAt: later }, { ...fieldsOf(decidedFrom), ...over })
const newCode = () => `Sale ${newId('user')}`
const keyOf = (key: string) => ({ scope: newId('user'), key, requestHash: 'aa' })

describe('a promotion', () => {
  it('is read as it was written, whatever its type', async () => {
    const FULL: Partial<StoredPromotion>[] = [
      {
        code: newCode(),
        value: '12.5',
        usageLimit: 9,
        budget: { currency: EUR, amount: 999 },
        startsAt: createdAt,
        endsAt: later,
      },
      { type: 'fixed_amount', value: null, amounts: [{ currency: EUR, amount: 500 }], priority: -1, stackable: false },
      { type: 'free_shipping', value: null, hasSingleUseCodes: true, usageLimitPerCustomer: 1 },
      {
        ...{ type: 'tiered', value: null },
        tiers: [{ minQuantity: null, minSubtotal: [{ currency: EUR, amount: 5_000 }], value: '5' }],
        conditions: {
          ...{ minSubtotal: [{ currency: EUR, amount: 1 }], minQuantity: 2 },
          ...{ countries: ['DE'], groupIds: ['vip'], isFirstOrder: true },
        },
      },
      {
        ...{ type: 'buy_x_get_y', value: null },
        buy: { quantity: 2, productIds: [1], collectionIds: [] },
        get: { quantity: 1, percentOff: '100', productIds: [], collectionIds: [4] },
        appliesTo: { productIds: [1, 2], categoryIds: [3], collectionIds: [] },
      },
    ]
    for (const over of FULL) {
      const promotion = await saved(over)
      expect(promotion).toMatchObject(over)
      expect(await repositories.promotions.find(promotion.id)).toEqual(promotion)
    }
  })

  it('is made once for each key', async () => {
    const key = keyOf('k-1')
    const [first, second] = [draft(), draft()]
    const outcomes = await Promise.all([first, second].map((one) => repositories.promotions.insert(one, key)))
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
    expect(outcomes.find(({ ok }) => !ok)).toMatchObject({ failure: { code: 'idempotency_key_known' } })
    const found = await Promise.all([first, second].map(({ id }) => repositories.promotions.find(id)))
    const [made] = found.filter((one) => one !== undefined)
    expect(await repositories.creationKeys.find(key)).toEqual({ requestHash: 'aa', subject: made?.id })
  })

  it('that no type allows is refused by the database', async () => {
    for (const over of [
      { value: null },
      { value: '101' },
      { value: '0' },
      { amounts: [{ currency: EUR, amount: 1 }] },
      { endsAt: createdAt, startsAt: later },
      { usageLimit: 0 },
      { budget: { currency: EUR, amount: 0 } },
    ]) {
      await expect(repositories.promotions.insert(draft(over))).rejects.toThrow()
    }
  })

  it('is listed newest first, until it is deleted', async () => {
    const made = [await saved(), await saved(), await saved()].sort((a, b) => (a.id < b.id ? 1 : -1))
    const [first, second, third] = made
    if (first === undefined || second === undefined) throw new Error('too few')
    const list = async (before: PromotionId | undefined, limit: number) =>
      (await repositories.promotions.list({ before, limit })).map(({ id }) => id)
    expect(await list(undefined, 2)).toEqual([first.id, second.id])
    expect((await list(second.id, 1))[0]).toBe(third?.id)
    await repositories.promotions.delete({ decidedFrom: second, updatedAt: later })
    expect(await list(undefined, 2)).toEqual([first.id, third?.id])
    expect(await repositories.promotions.find(second.id)).toBeUndefined()
  })
})

describe('a change', () => {
  it('counts as a version, and is answered as it is stored', async () => {
    const promotion = await saved({ usageLimit: 3 })
    const changed = await update(promotion, { name: 'Winter sale', value: '20', startsAt: createdAt })
    const expected = {
      ...promotion,
      name: 'Winter sale',
      value: '20',
      startsAt: createdAt,
      updatedAt: later,
      version: 2,
    }
    expect(changed).toEqual({ ok: true, value: expected })
    expect(await repositories.promotions.find(promotion.id)).toEqual(expected)
  })

  it('of ten at once from the same version is written once', async () => {
    const promotion = await saved()
    const outcomes = await Promise.all(Array.from({ length: 10 }, (_, n) => update(promotion, { priority: n })))
    expect(outcomes.filter((outcome) => outcome.ok && outcome.value !== undefined)).toHaveLength(1)
    expect((await repositories.promotions.find(promotion.id))?.version).toBe(2)
  })

  it('of what is deleted changes nothing, and deleting twice neither', async () => {
    const promotion = await saved()
    const change = { decidedFrom: promotion, updatedAt: later }
    const deleted = await Promise.all(Array.from({ length: 5 }, () => repositories.promotions.delete(change)))
    expect(deleted.filter(Boolean)).toHaveLength(1)
    expect(await update({ ...promotion, version: 2 }, { priority: 1 })).toEqual({ ok: true, value: undefined })
  })

  it('costs one round trip, with the counters of a new limit', async () => {
    const promotion = await saved()
    database.resetCounts()
    await update(promotion, { usageLimit: 1, usageLimitPerCustomer: 1, code: newCode() })
    expect(database.counts().roundTrips).toBe(1)
  })
})

describe('a code', () => {
  const taken = (promotionCode: string) => ({ ok: false, failure: { code: 'promotion_code_taken', promotionCode } })

  it('belongs to one promotion, in all its spellings, when ten are made at once', async () => {
    const code = newCode()
    const spellings = Array.from({ length: 10 }, (_, n) =>
      n % 2 === 0 ? code.toUpperCase() : ` ${code.toLowerCase()}`,
    )
    const outcomes = await Promise.all(spellings.map((one) => repositories.promotions.insert(draft({ code: one }))))
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
  })

  it('that is taken leaves a promotion as it was', async () => {
    const [code, own] = [newCode(), newCode()]
    await saved({ code })
    const promotion = await saved({ code: own })
    expect(await update(promotion, { code: code.toUpperCase(), name: 'x' })).toEqual(taken(code.toUpperCase()))
    expect(await repositories.promotions.find(promotion.id)).toEqual(promotion)
    const id = newId('promotion')
    expect(await repositories.promotions.insert({ ...draft({ code }), id })).toEqual(taken(code))
    expect(await repositories.promotions.find(id)).toBeUndefined()
  })

  it.each<[string, (promotion: StoredPromotion) => Promise<unknown>]>([
    ['is deleted', (decidedFrom) => repositories.promotions.delete({ decidedFrom, updatedAt: later })],
    ['has another code', (promotion) => update(promotion, { code: newCode() })],
    ['becomes automatic', (promotion) => update(promotion, { code: null })],
  ])('may be used again once its promotion %s', async (_, end) => {
    const code = newCode()
    await end(await saved({ code }))
    expect((await saved({ code })).code).toBe(code)
  })

  it('may change its spelling, come and go', async () => {
    const code = newCode()
    let promotion = await saved()
    for (const next of [code, code.toUpperCase(), null, code]) {
      const changed = await update(promotion, { code: next })
      if (!changed.ok || changed.value === undefined) throw new Error('It was not changed')
      promotion = changed.value
      expect(promotion.code).toBe(next)
    }
    expect(await repositories.promotions.insert(draft({ code }))).toEqual(taken(code))
  })
})

describe('single-use codes', () => {
  const codesFor = (id: PromotionId, count: number) =>
    Array.from({ length: count }, (_, n) => `${id.toUpperCase()}-${String(n).padStart(6, '0')}`)
  const batch = (promotionId: PromotionId, codes: string[]) => ({
    ...{ id: newId('codeBatch'), promotionId, codes, createdAt },
  })
  const count = async (promotionId: PromotionId) => {
    const { rows } = await db.execute<{ count: number }>(
      sql`select count(*)::int as count from orders.promotion_codes where promotion_id = ${promotionId}`,
    )
    return rows[0]?.count
  }

  it('of a hundred thousand are stored in one round trip, in their order', async () => {
    const { id } = await saved()
    const codes = codesFor(id, 100_000)
    const made = batch(id, codes)
    database.resetCounts()
    expect(await repositories.promotions.insertCodes(made)).toEqual({
      ok: true,
      value: { id: made.id, count: 100_000 },
    })
    expect(database.counts().roundTrips).toBe(1)
    expect(await repositories.promotions.findBatch(made.id, id)).toEqual({ id: made.id, count: 100_000 })
    const after = { batchId: made.id, position: 19_998 }
    const page = await repositories.promotions.listCodes({ promotionId: id, after, limit: 3 })
    expect(page.map(({ code, position }) => [code, position])).toEqual([
      [codes[19_999], 19_999],
      [codes[20_000], 20_000],
      [codes[20_001], 20_001],
    ])
  })

  it('end that the promotion is automatic: the first ones count as a version', async () => {
    const { id } = await saved()
    const [one = '', two = ''] = codesFor(id, 2)
    await repositories.promotions.insertCodes(batch(id, [one]))
    await repositories.promotions.insertCodes(batch(id, [two]))
    expect(await repositories.promotions.find(id)).toMatchObject({ hasSingleUseCodes: true, version: 2 })
  })

  it('are made once for each key, by ten requests at once', async () => {
    const { id } = await saved()
    const key = keyOf('k-2')
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        repositories.promotions.insertCodes(
          batch(id, [`${id.toUpperCase()}-${n}-A`, `${id.toUpperCase()}-${n}-B`]),
          key,
        ),
      ),
    )
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await count(id)).toBe(2)
    const known = await repositories.creationKeys.find(key)
    expect(outcomes).toContainEqual({ ok: true, value: { id: known?.subject, count: 2 } })
  })

  it('are all refused when one of them is taken, by a code of either kind', async () => {
    const code = newCode()
    const [{ id }, other] = [await saved(), await saved({ code })]
    const [single = '', fresh = ''] = codesFor(other.id, 2)
    await repositories.promotions.insertCodes(batch(other.id, [single]))
    for (const known of [code.toUpperCase(), single]) {
      expect(await repositories.promotions.insertCodes(batch(id, [fresh, known]))).toEqual({
        ok: true,
        value: undefined,
      })
    }
    expect(await count(id)).toBe(0)
    expect(await repositories.promotions.find(id)).toMatchObject({ hasSingleUseCodes: false, version: 1 })
  })

  it('are not made for what is deleted', async () => {
    const promotion = await saved()
    await repositories.promotions.delete({ decidedFrom: promotion, updatedAt: later })
    const made = batch(promotion.id, codesFor(promotion.id, 1))
    expect(await repositories.promotions.insertCodes(made)).toMatchObject({ failure: { code: 'promotion_not_found' } })
    expect(await count(promotion.id)).toBe(0)
  })

  it('cannot be the code of another promotion', async () => {
    const { id } = await saved()
    const [code = ''] = codesFor(id, 1)
    await repositories.promotions.insertCodes(batch(id, [code]))
    const refused = await repositories.promotions.insert(draft({ code: code.toLowerCase() }))
    expect(refused).toMatchObject({ failure: { code: 'promotion_code_taken' } })
  })
})
