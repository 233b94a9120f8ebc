import type { Product } from '@shop/contracts'
import { currency } from '@shop/kernel'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../src/client.ts'
import {
  claimChanges,
  claimOpenings,
  claimWatches,
  confirmChange,
  confirmChanges,
  confirmOpening,
  confirmOpeningOf,
  confirmWatch,
  countUnannounced,
  deleteProduct,
  findProduct,
  insertProduct,
  listLowStock,
  listProducts,
  listStock,
  projectStocks,
  pruneCatalogEvents,
  quoteProducts,
  rewriteStock,
  updateProduct,
} from '../src/repositories/catalog/index.ts'

let database: ServiceDatabase
let db: Db

beforeAll(async () => {
  database = await startDatabase()
  db = database.as('catalog')
})
afterAll(() => database.stop())

const now = new Date('2026-11-23T10:00:00.000Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000)
const announcement = (seconds = 10) => ({ key: crypto.randomUUID(), firstAttemptAt: later(seconds) })
const USD = currency('USD')

async function aProduct(over: Partial<Parameters<typeof insertProduct>[1]> = {}): Promise<Product> {
  return insertProduct(db, {
    name: 'Aeropress',
    description: 'Brews one to three cups.',
    category: null,
    imageUrl: null,
    price: 3_995,
    currency: USD,
    lowStockThreshold: null,
    openingStock: 0,
    createdAt: now,
    change: announcement(),
    ...over,
  })
}
const available = async ({ id }: Product) => (await findProduct(db, id))?.available
const level = (units: number, sequence: number) => ({ onHand: units, held: 0, available: units, sequence })

describe('a product', () => {
  it('is read back as it was written, in one trip each', async () => {
    database.resetCounts()
    const product = await aProduct({ category: 'kitchen', imageUrl: 'https://example.com/a.jpg', openingStock: 50 })
    expect(database.counts().roundTrips).toBe(1)
    expect(await findProduct(db, product.id)).toEqual(product)
    expect(database.counts().roundTrips).toBe(2)
  })

  it('is saved side by side with others, each with its own variant and opening', async () => {
    const products = await Promise.all(
      Array.from({ length: 30 }, (_, n) => aProduct({ name: `Parallel ${n}`, openingStock: n + 1 })),
    )
    for (const product of products) expect(await findProduct(db, product.id)).toEqual(product)
    const openings = await claimOpenings(db, { limit: 500, now: later(20) })
    for (const [n, { variantId }] of products.entries()) {
      const mine = openings.filter((opening) => opening.variantId === variantId)
      expect(mine).toMatchObject([{ quantity: n + 1, key: `opening:${variantId}` }])
    }
  })

  it('keeps what an update leaves out', async () => {
    const product = await aProduct()
    const saved = await updateProduct(db, {
      id: product.id,
      fields: { category: 'coffee' },
      decidedFrom: product,
      updatedAt: later(60),
      change: announcement(),
    })
    expect(saved).toEqual({ ...product, category: 'coffee', updatedAt: later(60) })
    expect(await findProduct(db, product.id)).toEqual(saved)
  })

  it('takes one of several price changes that were decided from the same price', async () => {
    const product = await aProduct()
    const change = (price: number) =>
      updateProduct(db, {
        id: product.id,
        fields: { price },
        decidedFrom: product,
        updatedAt: later(60),
        change: announcement(),
      })
    const winners = (await Promise.all([change(1), change(2), change(3)])).filter((one) => one !== undefined)
    expect(winners).toHaveLength(1)
    expect((await findProduct(db, product.id))?.price).toBe(winners[0]?.price)
  })

  it('that is deleted is gone for readers, writers and buyers, and cannot be deleted again', async () => {
    const product = await aProduct()
    const deletions = await Promise.all(
      [1, 2].map(() => deleteProduct(db, { id: product.id, deletedAt: later(1), change: announcement() })),
    )
    expect(deletions.sort()).toEqual([false, true])
    expect(await findProduct(db, product.id)).toBeUndefined()
    expect(await quoteProducts(db, [product.id])).toEqual([])
    const fields = { name: 'Back' }
    const late = { id: product.id, fields, decidedFrom: product, updatedAt: now, change: announcement() }
    expect(await updateProduct(db, late)).toBeUndefined()
  })
})

describe('a change of the catalogue', () => {
  const claimed = () => claimChanges(db, { limit: 1_000, now: later(3_600 * 24) })

  it('is announced in the trip that makes it, and not when nothing is changed', async () => {
    await claimed().then((eventIds) => confirmChanges(db, { eventIds, now }))
    const product = await aProduct()
    database.resetCounts()
    const updatedAt = later(60)
    const update = { id: product.id, fields: { name: 'Other' }, decidedFrom: product, updatedAt }
    await updateProduct(db, { ...update, change: announcement() })
    await deleteProduct(db, { id: product.id, deletedAt: later(70), change: announcement() })
    expect(database.counts().roundTrips).toBe(2)
    expect(await countUnannounced(db)).toBe(3)
    await updateProduct(db, { ...update, updatedAt: later(80), change: announcement() })
    await deleteProduct(db, { id: product.id, deletedAt: later(90), change: announcement() })
    expect(await countUnannounced(db)).toBe(3)
  })

  it('comes again until it is confirmed, by its event or by its key', async () => {
    await claimed().then((eventIds) => confirmChanges(db, { eventIds, now }))
    const change = announcement()
    await aProduct({ change })
    await aProduct()
    expect(await claimChanges(db, { limit: 10, now: later(9) })).toEqual([])
    await confirmChange(db, { key: change.key, now })
    const left = await claimChanges(db, { limit: 10, now: later(10) })
    expect(left).toHaveLength(1)
    expect(await countUnannounced(db)).toBe(1)
    await confirmChanges(db, { eventIds: left, now })
    expect(await countUnannounced(db)).toBe(0)
  })
})

describe('a quote', () => {
  it('has all products of an order in one trip', async () => {
    const imageUrl = 'https://images.example.com/b.jpg'
    const a = await aProduct({ name: 'A', price: 1 })
    const b = await aProduct({ name: 'B', price: 2, category: 'kitchen', imageUrl })
    database.resetCounts()
    const quotes = await quoteProducts(db, [b.id, a.id, Number.MAX_SAFE_INTEGER])
    expect(database.counts().roundTrips).toBe(1)
    expect(quotes.sort((one, other) => one.price - other.price)).toEqual([
      { productId: a.id, variantId: a.variantId, name: 'A', category: null, imageUrl: null, price: 1, currency: 'USD' },
      { productId: b.id, variantId: b.variantId, name: 'B', category: 'kitchen', imageUrl, price: 2, currency: 'USD' },
    ])
  })
})

describe('the stock that is listed', () => {
  it('never goes back to an older level', async () => {
    const product = await aProduct({ openingStock: 9 })
    await projectStocks(db, [{ variantId: product.variantId, available: 7, sequence: 2, low: [] }])
    await projectStocks(db, [{ variantId: product.variantId, available: 8, sequence: 1, low: [] }])
    expect(await available(product)).toBe(7)
    const change = { id: product.id, fields: {}, decidedFrom: product, updatedAt: now, change: announcement() }
    expect(await updateProduct(db, { ...change, stock: level(6, 1) })).toMatchObject({ available: 7 })
    expect(await updateProduct(db, { ...change, change: announcement(), stock: level(6, 3) })).toMatchObject({
      available: 6,
    })
  })

  it('is written for many variants in one trip, each by its own sequence', async () => {
    const [behind, ahead, untouched] = [await aProduct(), await aProduct(), await aProduct({ openingStock: 4 })]
    await projectStocks(db, [{ variantId: ahead.variantId, available: 5, sequence: 9, low: [] }])
    database.resetCounts()
    await projectStocks(db, [
      { variantId: behind.variantId, available: 3, sequence: 8, low: [] },
      { variantId: ahead.variantId, available: 3, sequence: 8, low: [] },
    ])
    expect(database.counts().roundTrips).toBe(1)
    expect([await available(behind), await available(ahead), await available(untouched)]).toEqual([3, 5, 4])
  })

  it('that has become low is told of once for each fall, however often that is reported', async () => {
    const { variantId } = await aProduct()
    const fall = (sequence: number) => ({ sequence, available: 2, threshold: 3, at: now })
    const report = (sequence: number, ...falls: number[]) =>
      projectStocks(db, [{ variantId, available: 2, sequence, low: falls.map(fall) }])
    await report(4, 2, 4)
    await report(4, 2, 4)
    await report(6, 4, 6)
    const told = await db.execute(
      sql`select key, payload from catalog.outbox where kind = 'stock.low' and key like ${`${variantId}:%`} order by id`,
    )
    const payload = { variantId, available: 2, threshold: 3, at: now.toISOString() }
    expect(told.rows).toEqual([2, 4, 6].map((sequence) => ({ key: `${variantId}:${sequence}`, payload })))
  })

  it('that became low a month ago is no news any more', async () => {
    const { variantId } = await aProduct()
    const day = 24 * 3_600
    const fall = (sequence: number, at: Date) => ({ sequence, available: 2, threshold: 3, at })
    const low = [fall(1, later(-31 * day)), fall(2, later(-29 * day))]
    await projectStocks(db, [{ variantId, available: 2, sequence: 2, low }])
    await pruneCatalogEvents(db, now)
    const kept = await db.execute(
      sql`select key from catalog.outbox where kind = 'stock.low' and key like ${`${variantId}:%`}`,
    )
    expect(kept.rows).toEqual([{ key: `${variantId}:2` }])
  })

  it('that is low is found by its threshold, and not once the product is gone', async () => {
    const low = await aProduct({ openingStock: 3, lowStockThreshold: 3 })
    await aProduct({ openingStock: 4, lowStockThreshold: 3 })
    await aProduct({ openingStock: 0 })
    const row = { productId: low.id, name: 'Aeropress', available: 3, threshold: 3 }
    expect(await listLowStock(db, { after: low.id - 1, limit: 10 })).toEqual([row])
    await deleteProduct(db, { id: low.id, deletedAt: now, change: announcement() })
    expect(await listLowStock(db, { after: low.id - 1, limit: 10 })).toEqual([])
  })

  it('has a threshold that is due to be told, as it is now, until that is confirmed', async () => {
    const change = announcement(10)
    const product = await aProduct({ lowStockThreshold: 3, change })
    const { variantId } = product
    const update = { id: product.id, decidedFrom: product, updatedAt: now }
    const renamed = await updateProduct(db, { ...update, fields: { name: 'Go' }, change: announcement(10) })
    expect(renamed).toMatchObject({ name: 'Go', lowStockThreshold: 3 })
    const second = announcement(10)
    const changed = await updateProduct(db, { ...update, fields: { lowStockThreshold: null }, change: second })
    expect(changed).toMatchObject({ lowStockThreshold: null })
    const mine = (watches: Awaited<ReturnType<typeof claimWatches>>) =>
      watches.filter(({ watch }) => watch.variantId === variantId)
    const watch = { variantId, threshold: null, version: 2 }
    const due = mine(await claimWatches(db, { limit: 100, now: later(10) }))
    expect(due).toEqual([change.key, second.key].map((key) => ({ key, watch })))
    await confirmWatch(db, { key: change.key, now })
    expect(mine(await claimWatches(db, { limit: 100, now: later(60) }))).toEqual([{ key: second.key, watch }])
  })

  it('is rewritten where it is still what was read, whatever its sequence', async () => {
    const [ahead, moved] = [await aProduct(), await aProduct()]
    for (const { variantId } of [ahead, moved]) {
      await projectStocks(db, [{ variantId, available: 5, sequence: 900, low: [] }])
    }
    const read = await listStock(db, { after: Math.min(ahead.variantId, moved.variantId) - 1, limit: 500 })
    const changes = [ahead, moved].map(({ variantId }) => {
      const listed = read.find((row) => row.variantId === variantId)
      if (listed === undefined) throw new Error(`Variant ${variantId} is not listed`)
      return { listed, level: { available: 2, sequence: 7 } }
    })
    await projectStocks(db, [{ variantId: moved.variantId, available: 4, sequence: 901, low: [] }])
    expect(await rewriteStock(db, changes)).toEqual([ahead.variantId])
    expect([await available(ahead), await available(moved)]).toEqual([2, 4])
    await projectStocks(db, [{ variantId: ahead.variantId, available: 1, sequence: 8, low: [] }])
    expect(await available(ahead)).toBe(1)
  })

  it('ends with the newest of writers that race', async () => {
    const product = await aProduct()
    const write = (sequence: number) =>
      sequence % 2 === 0
        ? projectStocks(db, [{ variantId: product.variantId, available: sequence, sequence, low: [] }])
        : updateProduct(db, {
            id: product.id,
            fields: {},
            decidedFrom: product,
            stock: level(sequence, sequence),
            updatedAt: now,
            change: announcement(),
          })
    const sequences = Array.from({ length: 40 }, (_, n) => ((n * 17) % 40) + 1)
    await Promise.all(sequences.map(write))
    expect(await available(product)).toBe(40)
  })
})

describe('an opening stock', () => {
  it('is due until it is confirmed, and not again right after it was taken', async () => {
    const { variantId } = await aProduct({ openingStock: 5, change: announcement(1_000) })
    const due = async (at: Date) =>
      (await claimOpenings(db, { limit: 500, now: at })).filter((opening) => opening.variantId === variantId)
    expect(await due(later(999))).toEqual([])
    const [opening] = await due(later(1_000))
    expect(opening).toMatchObject({ variantId, quantity: 5 })
    expect(await due(later(1_001))).toEqual([])
    expect(await due(later(1_100))).toEqual([opening])
    await confirmOpening(db, { eventId: opening?.eventId ?? 0, now: later(1_200) })
    expect(await due(later(9_000))).toEqual([])
  })

  it('is confirmed by its variant', async () => {
    const { variantId } = await aProduct({ openingStock: 5 })
    await confirmOpeningOf(db, { variantId, now })
    const due = await claimOpenings(db, { limit: 500, now: later(9_000) })
    expect(due.filter((opening) => opening.variantId === variantId)).toEqual([])
  })
})

describe('the list of products', () => {
  it('is walked without gap or repeat while products are added', async () => {
    const category = 'walked'
    const expected: number[] = []
    for (let n = 0; n < 25; n += 1) {
      // Five share each instant, so that the id has to decide.
      expected.unshift((await aProduct({ category, createdAt: later(Math.floor(n / 5)) })).id)
    }
    const seen: number[] = []
    let after: Product | undefined
    do {
      const page: Product[] = await listProducts(db, { category, after, limit: 4 })
      seen.push(...page.map((product) => product.id))
      after = page.at(-1)
      await aProduct({ category, createdAt: later(1_000) })
    } while (after !== undefined)
    expect(seen).toEqual(expected)
  })

  it.each([
    ['100% wool', '100%'],
    ['snake_case', 'e_c'],
    ['back\\slash', 'k\\s'],
    ["it's", "t's"],
    ['ÄRMEL', 'ärm'],
    ['say "hi"', '"HI'],
  ])('finds %s by %s and by nothing that only looks like a pattern', async (name, search) => {
    const category = `search ${name}`
    await aProduct({ category, name, description: '' })
    await aProduct({ category, name: '1000 wool snakeXcase backslash Armel', description: '' })
    const found = await listProducts(db, { category, search, limit: 10 })
    expect(found.map((product) => product.name)).toEqual([name])
  })

  it('finds in name or description, but not across their border', async () => {
    const category = 'border'
    await aProduct({ category, name: 'Coffee', description: 'maker' })
    const found = async (search: string) => (await listProducts(db, { category, search, limit: 10 })).length
    expect(await Promise.all(['coff', 'MAKER', 'coffee maker', 'e m'].map(found))).toEqual([1, 1, 0, 0])
  })
})
