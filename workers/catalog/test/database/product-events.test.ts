import { isWellFormed } from '@shop/contracts/events/delivery'
import { describe, expect, it } from 'vitest'
import type { Product } from '../../src/products/domain/product.ts'
import { later, NOW, useDatabase } from './use-database.ts'

const { database, events, eventsOf, insert, products } = useDatabase()

const variantIdOf = ({ variants }: Product) => variants[0]?.id ?? 0

const payloadOf = ({ product }: Awaited<ReturnType<typeof insert>>, price = product.variants[0]?.price) => ({
  productId: product.id,
  variantId: variantIdOf(product),
  variantIds: product.variants.map(({ id }) => id),
  price,
  currency: 'USD',
})

describe('the events of a product', () => {
  it('are written in the round trip of their change, with the version after it', async () => {
    database().resetCounts()
    const saved = await insert({ openingStock: 5 })
    const { id } = saved.product
    const update = { product: saved.product, fields: { price: 2_500 }, updatedAt: later(60) }
    const updated = await products().update(update)
    const deleted = await products().delete({ id, archivedAt: later(70) })
    expect(database().counts().roundTrips).toBe(3)
    const listed = await eventsOf(`product:${id}`)
    expect(listed.filter((event) => event.type.startsWith('product.'))).toMatchObject([
      {
        id: saved.eventId,
        type: 'product.created',
        sequence: 1,
        payload: { ...payloadOf(saved), openingStock: 5 },
        createdAt: NOW,
      },
      { id: updated?.eventId, type: 'product.updated', sequence: 2, payload: payloadOf(saved, 2_500) },
      { id: deleted?.eventId, type: 'product.deleted', sequence: 3, payload: payloadOf(saved, 2_500) },
    ])
    expect(listed.every(isWellFormed)).toBe(true)
    expect(listed.map(({ createdAt }) => createdAt)).toEqual([NOW, later(60), later(70)])
  })

  it('have a delivery for each consumer, first tried 10 s after the change', async () => {
    const { product } = await insert()
    const [created] = await eventsOf(`product:${product.id}`)
    const delivery = { status: 'pending', attempts: 0, nextAttemptAt: later(10) }
    expect(created?.deliveries).toMatchObject([{ consumer: 'catalog_cache', ...delivery }, { consumer: 'webhooks' }])
  })

  it('are not written when nothing changes', async () => {
    const { product } = await insert()
    await products().delete({ id: product.id, archivedAt: later(1) })
    const update = { product, fields: { name: 'Late' }, updatedAt: later(2) }
    expect(await products().update(update)).toBeUndefined()
    expect(await products().delete({ id: product.id, archivedAt: later(3) })).toBeUndefined()
    const types = (await eventsOf(`product:${product.id}`)).map(({ type }) => type)
    expect(types).toEqual(['product.created', 'product.deleted'])
  })

  it('count every one of concurrent updates', async () => {
    const { product } = await insert()
    const rename = (n: number) =>
      products().update({
        product,
        fields: { name: `Name ${n}` },
        updatedAt: later(n),
      })
    await Promise.all(Array.from({ length: 10 }, (_, n) => rename(n)))
    const sequences = (await eventsOf(`product:${product.id}`)).map(({ sequence }) => sequence)
    expect(sequences.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  })

  it('reach a consumer again until they are settled', async () => {
    const { eventId } = await insert({ createdAt: later(-10_000) })
    const due = async (at: Date) =>
      (await events().pull({ consumer: 'catalog_cache', limit: 500, now: at })).filter(({ id }) => id === eventId)
    expect(await due(later(-9_991))).toEqual([])
    expect(await due(later(-9_990))).toMatchObject([{ type: 'product.created' }])
    expect(await due(later(-9_989))).toEqual([])
    expect(await due(later(-9_900))).toHaveLength(1)
    await events().settle({ consumer: 'catalog_cache', receipts: [{ eventId, outcome: 'done' }], now: NOW })
    expect(await due(later(9_000))).toEqual([])
  })
})

describe('the event of a low-stock threshold', () => {
  it('is written by an update that has one, with the number of the change, for no consumer', async () => {
    const { product } = await insert({ lowStockThreshold: 3 })
    expect(product.variants).toMatchObject([{ lowStockThreshold: 3, lowStockVersion: 1 }])
    const update = { product, updatedAt: later(60) }
    const renamed = await products().update({ ...update, fields: { name: 'Go' } })
    expect(renamed?.product.variants).toEqual(product.variants)
    const changed = await products().update({ ...update, fields: { lowStockThreshold: null } })
    expect(changed?.product.variants).toMatchObject([{ lowStockThreshold: null, lowStockVersion: 2 }])
    const variantId = variantIdOf(product)
    const listed = await eventsOf(`variant:${variantId}`)
    expect(listed.filter(({ type }) => type === 'stock.threshold_changed')).toMatchObject([
      { sequence: 2, payload: { variantId }, deliveries: [] },
    ])
    expect(listed.every(isWellFormed)).toBe(true)
  })
})
