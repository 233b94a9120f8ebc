import { isWellFormed } from '@shop/contracts/events/delivery'
import { describe, expect, it } from 'vitest'
import { later, NOW, useDatabase } from './use-database.ts'

const { addProduct, availableOf, database, events, eventsOf, listing, products, project, thresholds } = useDatabase()

const lowStockEvents = async (variantId: number) =>
  (await eventsOf(`variant:${variantId}`)).filter(({ type }) => type === 'stock.low')

describe('the listed stock', () => {
  it('is never replaced by an older level', async () => {
    const product = await addProduct({ openingStock: 9 })
    await project([{ variantId: product.variantId, available: 7, sequence: 2, low: [] }])
    await project([{ variantId: product.variantId, available: 8, sequence: 1, low: [] }])
    expect(await availableOf(product)).toBe(7)
    await project([{ variantId: product.variantId, available: 6, sequence: 3, low: [] }])
    expect(await products().find(product.id)).toMatchObject({
      variants: [{ available: 6, stockSequence: 3 }],
      version: 1,
    })
  })

  it('is written for many variants in one round trip, each by its own sequence', async () => {
    const [behind, ahead, untouched] = [await addProduct(), await addProduct(), await addProduct({ openingStock: 4 })]
    await project([{ variantId: ahead.variantId, available: 5, sequence: 9, low: [] }])
    database().resetCounts()
    await project([
      { variantId: behind.variantId, available: 3, sequence: 8, low: [] },
      { variantId: ahead.variantId, available: 3, sequence: 8, low: [] },
    ])
    expect(database().counts().roundTrips).toBe(1)
    expect([await availableOf(behind), await availableOf(ahead), await availableOf(untouched)]).toEqual([3, 5, 4])
  })

  it('is rewritten where it is still what was read, whatever its sequence', async () => {
    const [ahead, moved] = [await addProduct(), await addProduct()]
    for (const { variantId } of [ahead, moved]) await project([{ variantId, available: 5, sequence: 900, low: [] }])
    const read = await listing().list({ after: Math.min(ahead.variantId, moved.variantId) - 1, limit: 500 })
    const changes = [ahead, moved].map(({ variantId }) => {
      const listed = read.find((row) => row.variantId === variantId)
      if (listed === undefined) throw new Error(`Variant ${variantId} is not listed`)
      return { listed, level: { available: 2, sequence: 7 } }
    })
    await project([{ variantId: moved.variantId, available: 4, sequence: 901, low: [] }])
    expect(await listing().rewrite(changes)).toEqual([ahead.variantId])
    expect([await availableOf(ahead), await availableOf(moved)]).toEqual([2, 4])
    await project([{ variantId: ahead.variantId, available: 1, sequence: 8, low: [] }])
    expect(await availableOf(ahead)).toBe(1)
  })

  it('is that of the highest sequence after concurrent writes', async () => {
    const product = await addProduct()
    const write = (sequence: number) =>
      sequence % 4 === 0
        ? products().update({ product, fields: { name: `Name ${sequence}` }, updatedAt: NOW })
        : listing().project([{ variantId: product.variantId, available: sequence, sequence, low: [] }])
    const sequences = Array.from({ length: 40 }, (_, n) => ((n * 17) % 40) + 1)
    await Promise.all(sequences.map(write))
    expect(await products().find(product.id)).toMatchObject({
      variants: [{ available: 39, stockSequence: 39 }],
      version: 11,
    })
  })
})

describe('low stock', () => {
  it('is an event for each fall to the threshold, however often it is reported', async () => {
    const { variantId } = await addProduct()
    const fall = (sequence: number) => ({ sequence, available: 2, threshold: 3, at: NOW })
    const report = (sequence: number, ...falls: number[]) =>
      project([{ variantId, available: 2, sequence, low: falls.map(fall) }])
    await report(4, 2, 4)
    await report(4, 2, 4)
    await report(6, 4, 6)
    const payload = { variantId, available: 2, threshold: 3 }
    const written = await lowStockEvents(variantId)
    expect(written.map(({ sequence, payload, createdAt }) => ({ sequence, payload, createdAt }))).toEqual(
      [2, 4, 6].map((sequence) => ({ sequence, payload, createdAt: NOW })),
    )
    expect(written.every(isWellFormed)).toBe(true)
  })

  it('is deleted after 30 days', async () => {
    const { variantId } = await addProduct()
    const day = 24 * 3_600
    const fall = (sequence: number, at: Date) => ({ sequence, available: 2, threshold: 3, at })
    const low = [fall(1, later(-31 * day)), fall(2, later(-29 * day))]
    await project([{ variantId, available: 2, sequence: 2, low }])
    await events().prune(NOW)
    expect(await lowStockEvents(variantId)).toMatchObject([{ sequence: 2 }])
  })

  it('is listed by the threshold of the product, until the product is deleted', async () => {
    const low = await addProduct({ openingStock: 3, lowStockThreshold: 3 })
    await addProduct({ openingStock: 4, lowStockThreshold: 3 })
    await addProduct({ openingStock: 0 })
    const row = { productId: low.id, name: 'Aeropress', available: 3, threshold: 3 }
    expect(await listing().listLow({ after: low.id - 1, limit: 10 })).toEqual([row])
    await products().delete({ id: low.id, archivedAt: NOW })
    expect(await listing().listLow({ after: low.id - 1, limit: 10 })).toEqual([])
  })
})

describe('low-stock thresholds', () => {
  it('are read for many variants in one round trip, unknown ones left out', async () => {
    const [with3, without] = [await addProduct({ lowStockThreshold: 3 }), await addProduct()]
    database().resetCounts()
    const found = await thresholds().find([with3.variantId, without.variantId, with3.variantId, 999_999])
    expect(database().counts().roundTrips).toBe(1)
    expect(found).toEqual(
      new Map([
        [with3.variantId, { threshold: 3, version: 1 }],
        [without.variantId, { threshold: null, version: 0 }],
      ]),
    )
    expect(await thresholds().find([])).toEqual(new Map())
    expect(database().counts().roundTrips).toBe(1)
  })
})
