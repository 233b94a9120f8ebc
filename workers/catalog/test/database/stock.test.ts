import type { Receipt } from '@shop/contracts/events/delivery'
import { isWellFormed } from '@shop/contracts/events/delivery'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { later, NOW, useDatabase } from './use-database.ts'

const { addProduct, availableOf, database, events, eventsOf, listing, products, project, variants } = useDatabase()

type Further = { sku?: string; size: string; position?: number; deletedAt?: Date; lowStockThreshold?: number }

/** A further variant of a product, without stock. */
async function addVariant(productId: number, { size, sku, position = 1, deletedAt, lowStockThreshold }: Further) {
  const { rows } = await database()
    .as('catalog')
    .execute<{ id: string }>(sql`
    insert into catalog.variants (product_id, options, sku, position, price, currency, available, stock_sequence,
                                  low_stock_threshold, deleted_at)
    values (${productId}, ${JSON.stringify({ size })}::jsonb, ${sku ?? null}, ${position}, 100, 'USD', 0, 0,
            ${lowStockThreshold ?? null}, ${deletedAt?.toISOString() ?? null})
    returning id`)
  return Number(rows[0]?.id)
}

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
      variants: [{ available: 6, stockSequence: 3, openingStock: 9 }],
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

  it('is deleted 30 days after staff and webhook endpoints were told', async () => {
    const { variantId } = await addProduct()
    const day = 24 * 3_600
    const fall = (sequence: number, at: Date) => ({ sequence, available: 2, threshold: 3, at })
    const low = [fall(1, later(-31 * day)), fall(2, later(-29 * day))]
    await project([{ variantId, available: 2, sequence: 2, low }])
    const written = await lowStockEvents(variantId)
    const receipts = written.map(({ id }): Receipt => ({ eventId: id, outcome: 'done' }))
    for (const consumer of ['notifications', 'webhooks'] as const) {
      await events().settle({ consumer, receipts, now: later(-31 * day) })
    }
    await events().prune(NOW)
    expect(await lowStockEvents(variantId)).toMatchObject([{ sequence: 2 }])
  })

  it('is listed by the threshold of the product, until the product is deleted', async () => {
    const low = await addProduct({ openingStock: 3, lowStockThreshold: 3 })
    await addProduct({ openingStock: 4, lowStockThreshold: 3 })
    await addProduct({ openingStock: 0 })
    const { id: productId, variantId } = low
    const row = { productId, variantId, sku: null, name: 'Aeropress', available: 3, threshold: 3 }
    const after = { productId: productId - 1, variantId: 0 }
    expect(await listing().listLow({ after, limit: 10 })).toEqual([row])
    expect(await listing().listLow({ after: { productId, variantId }, limit: 10 })).toEqual([])
    await products().delete({ id: low.id, archivedAt: NOW })
    expect(await listing().listLow({ after, limit: 10 })).toEqual([])
  })

  it('is listed for each variant of a product, page by page', async () => {
    const { id: productId, variantId } = await addProduct({ openingStock: 1, lowStockThreshold: 3 })
    const second = await addVariant(productId, { sku: 'AP-2', size: 'L', lowStockThreshold: 3 })
    const page = (after: number) => listing().listLow({ after: { productId, variantId: after }, limit: 1 })
    expect(await page(0)).toMatchObject([{ productId, variantId, available: 1 }])
    expect(await page(variantId)).toMatchObject([{ productId, variantId: second, sku: 'AP-2', available: 0 }])
    expect(await page(second)).toEqual([])
  })
})

describe('the variants of the stock', () => {
  const terms = { openingStock: 5, sequence: 0, threshold: 3, thresholdVersion: 1, policy: 'deny' }

  it('have the terms that their objects are called with', async () => {
    const { id: productId, variantId } = await addProduct({ openingStock: 5, lowStockThreshold: 3 })
    const found = { id: variantId, productId, isDraft: false, sku: null, options: {}, terms }
    expect(await variants().find(variantId)).toEqual(found)
    expect(await variants().findOfProduct(productId)).toEqual([found])
    const stocked = { openingStock: 5, stockSequence: 0, lowStockThreshold: 3, lowStockVersion: 1 }
    expect(await products().find(productId)).toMatchObject({ variants: [stocked] })
    expect(await products().quote([{ productId }])).toMatchObject({ named: [[{ variantId, stock: terms }]] })
    await project([{ variantId, available: 4, sequence: 2, low: [] }])
    expect(await variants().find(variantId)).toMatchObject({ terms: { openingStock: 5, sequence: 2 } })
  })

  it('are those of a product in their order, without deleted ones', async () => {
    const { id: productId, variantId } = await addProduct()
    const [last, gone] = [
      await addVariant(productId, { size: 'L', position: 2 }),
      await addVariant(productId, { size: 'S', position: 1, deletedAt: NOW }),
    ]
    expect(await variants().findOfProduct(productId)).toMatchObject([
      { id: variantId, options: {} },
      { id: last, options: { size: 'L' } },
    ])
    expect(await variants().find(gone)).toBeUndefined()
    await products().delete({ id: productId, archivedAt: NOW })
    expect(await variants().findOfProduct(productId)).toEqual([])
    expect(await variants().find(variantId)).toBeUndefined()
  })

  it('have their terms read for many in one round trip, also after they are deleted', async () => {
    const [kept, deleted] = [await addProduct({ openingStock: 5, lowStockThreshold: 3 }), await addProduct()]
    await products().delete({ id: deleted.id, archivedAt: NOW })
    database().resetCounts()
    const found = await variants().terms([kept.variantId, deleted.variantId, kept.variantId, 999_999])
    expect(database().counts().roundTrips).toBe(1)
    const none = { openingStock: 0, sequence: 0, threshold: null, thresholdVersion: 0, policy: 'deny' }
    expect(found).toEqual(
      new Map<number, unknown>([
        [kept.variantId, terms],
        [deleted.variantId, none],
      ]),
    )
  })

  it('keep the opening stock that they were created with', async () => {
    const { variantId } = await addProduct({ openingStock: 5 })
    const change = (to: string) =>
      database()
        .as('catalog')
        .execute(sql`update catalog.variants set opening_stock = ${sql.raw(to)} where id = ${variantId}`)
    await expect(change('6')).rejects.toThrow()
    await change('5')
    expect(await variants().find(variantId)).toMatchObject({ terms: { openingStock: 5 } })
  })
})
