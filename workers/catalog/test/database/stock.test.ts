import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { announcement, later, NOW, useDatabase } from './use-database.ts'

const { addProduct, availableOf, database, db, events, listing, openings, products, project, thresholds } =
  useDatabase()

const level = (units: number, sequence: number) => ({ onHand: units, held: 0, available: units, sequence })
const lowStockEvents = async (variantId: number) => {
  const { rows } = await db().execute(
    sql`select key, payload from catalog.outbox where kind = 'stock.low' and key like ${`${variantId}:%`} order by id`,
  )
  return rows
}

describe('the listed stock', () => {
  it('is never replaced by an older level', async () => {
    const product = await addProduct({ openingStock: 9 })
    await project([{ variantId: product.variantId, available: 7, sequence: 2, low: [] }])
    await project([{ variantId: product.variantId, available: 8, sequence: 1, low: [] }])
    expect(await availableOf(product)).toBe(7)
    const update = { id: product.id, fields: {}, decidedFrom: product, updatedAt: NOW }
    expect(await products().update({ ...update, change: announcement(), stock: level(6, 1) })).toMatchObject({
      available: 7,
    })
    expect(await products().update({ ...update, change: announcement(), stock: level(6, 3) })).toMatchObject({
      available: 6,
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
      sequence % 2 === 0
        ? project([{ variantId: product.variantId, available: sequence, sequence, low: [] }])
        : products().update({
            id: product.id,
            fields: {},
            decidedFrom: product,
            stock: level(sequence, sequence),
            updatedAt: NOW,
            change: announcement(),
          })
    const sequences = Array.from({ length: 40 }, (_, n) => ((n * 17) % 40) + 1)
    await Promise.all(sequences.map(write))
    expect(await availableOf(product)).toBe(40)
  })
})

describe('low stock', () => {
  it('is announced once for each fall to the threshold, however often it is reported', async () => {
    const { variantId } = await addProduct()
    const fall = (sequence: number) => ({ sequence, available: 2, threshold: 3, at: NOW })
    const report = (sequence: number, ...falls: number[]) =>
      project([{ variantId, available: 2, sequence, low: falls.map(fall) }])
    await report(4, 2, 4)
    await report(4, 2, 4)
    await report(6, 4, 6)
    const payload = { variantId, available: 2, threshold: 3, at: NOW.toISOString() }
    const expected = [2, 4, 6].map((sequence) => ({ key: `${variantId}:${sequence}`, payload }))
    expect(await lowStockEvents(variantId)).toEqual(expected)
  })

  it('is forgotten when nobody has read it in a month', async () => {
    const { variantId } = await addProduct()
    const day = 24 * 3_600
    const fall = (sequence: number, at: Date) => ({ sequence, available: 2, threshold: 3, at })
    const low = [fall(1, later(-31 * day)), fall(2, later(-29 * day))]
    await project([{ variantId, available: 2, sequence: 2, low }])
    await events().prune(NOW)
    expect(await lowStockEvents(variantId)).toMatchObject([{ key: `${variantId}:2` }])
  })

  it('is listed by the threshold of the product, until the product is deleted', async () => {
    const low = await addProduct({ openingStock: 3, lowStockThreshold: 3 })
    await addProduct({ openingStock: 4, lowStockThreshold: 3 })
    await addProduct({ openingStock: 0 })
    const row = { productId: low.id, name: 'Aeropress', available: 3, threshold: 3 }
    expect(await listing().listLow({ after: low.id - 1, limit: 10 })).toEqual([row])
    await products().delete({ id: low.id, deletedAt: NOW, change: announcement() })
    expect(await listing().listLow({ after: low.id - 1, limit: 10 })).toEqual([])
  })
})

describe('a low-stock threshold', () => {
  it('is due with its current value until each change of it is confirmed', async () => {
    const change = announcement(10)
    const product = await addProduct({ lowStockThreshold: 3, change })
    const { variantId } = product
    const update = { id: product.id, decidedFrom: product, updatedAt: NOW }
    const renamed = await products().update({ ...update, fields: { name: 'Go' }, change: announcement(10) })
    expect(renamed).toMatchObject({ name: 'Go', lowStockThreshold: 3 })
    const second = announcement(10)
    const changed = await products().update({ ...update, fields: { lowStockThreshold: null }, change: second })
    expect(changed).toMatchObject({ lowStockThreshold: null })
    const threshold = { variantId, threshold: null, version: 2 }
    expect(await thresholds().find(variantId)).toEqual(threshold)
    const due = async (at: Date) =>
      (await thresholds().claim({ limit: 100, now: at })).filter((one) => one.threshold.variantId === variantId)
    expect(await due(later(10))).toEqual([change.key, second.key].map((key) => ({ key, threshold })))
    await thresholds().confirm({ key: change.key, now: NOW })
    expect(await due(later(60))).toEqual([{ key: second.key, threshold }])
  })

  it('takes two round trips to claim, however many are due', async () => {
    const added = await Promise.all(Array.from({ length: 5 }, () => addProduct({ lowStockThreshold: 3 })))
    database().resetCounts()
    const claimed = await thresholds().claim({ limit: 100, now: later(10_000) })
    expect(database().counts().roundTrips).toBe(2)
    const variantIds = claimed.map(({ threshold }) => threshold.variantId)
    for (const { variantId } of added) expect(variantIds).toContain(variantId)
  })
})

describe('an opening stock', () => {
  it('is due until it is confirmed, and not again right after it was claimed', async () => {
    const { variantId } = await addProduct({ openingStock: 5, change: announcement(1_000) })
    const due = async (at: Date) =>
      (await openings().claim({ limit: 500, now: at })).filter((opening) => opening.variantId === variantId)
    expect(await due(later(999))).toEqual([])
    const [opening] = await due(later(1_000))
    expect(opening).toMatchObject({ variantId, quantity: 5 })
    expect(await due(later(1_001))).toEqual([])
    expect(await due(later(1_100))).toEqual([opening])
    await openings().confirm({ eventId: opening?.eventId ?? 0, now: later(1_200) })
    expect(await due(later(9_000))).toEqual([])
  })

  it('is confirmed by its variant, and no longer counted as pending', async () => {
    const before = await openings().countPending()
    const { variantId } = await addProduct({ openingStock: 5 })
    expect(await openings().countPending()).toBe(before + 1)
    await openings().confirmOf({ variantId, now: NOW })
    expect(await openings().countPending()).toBe(before)
    const due = await openings().claim({ limit: 500, now: later(9_000) })
    expect(due.filter((opening) => opening.variantId === variantId)).toEqual([])
  })
})
