import { sweepAll } from '@shop/testing/sweep'
import { describe, expect, it } from 'vitest'
import { updateProduct } from '../../src/products/update-product.ts'
import { catalogTasks } from '../../src/sweep.ts'
import { aCatalog, later, NOW, STAFF } from '../support/catalog.ts'

describe('the sweep', () => {
  it('finds nothing to deliver when every request finished', async () => {
    const shop = aCatalog()
    await shop.addProduct({ lowStockThreshold: 5 })
    shop.calls.splice(0)
    shop.clock.now = later(60)
    expect(await sweepAll(catalogTasks(shop.deps))).toEqual({
      stock_events_delivered: 0,
      cache_events_delivered: 0,
      search_languages_kept: 0,
      events_pruned: 0,
    })
    expect(shop.calls).toEqual([])
  })

  it('leaves an event to its writer for 10 s', async () => {
    const shop = aCatalog()
    shop.faults.push({ variantId: 1, method: 'open', when: 'before' })
    await shop.addProduct()
    shop.clock.now = later(9)
    expect(await sweepAll(catalogTasks(shop.deps))).toMatchObject({ stock_events_delivered: 0 })
    shop.clock.now = later(10)
    expect(await sweepAll(catalogTasks(shop.deps))).toMatchObject({ stock_events_delivered: 1 })
    expect(shop.level(1).onHand).toBe(50)
  })

  it('delivers an event whose delivery was not settled again, without a second effect', async () => {
    const shop = aCatalog()
    const settle = shop.deps.events.settle
    shop.deps.events.settle = () => Promise.reject(new Error('lost'))
    await shop.addProduct({ lowStockThreshold: 5 })
    shop.deps.events.settle = settle
    expect(shop.warnings).toEqual(['event_unsettled', 'event_unsettled'])
    shop.clock.now = later(60)
    expect(await sweepAll(catalogTasks(shop.deps))).toMatchObject({
      stock_events_delivered: 1,
      cache_events_delivered: 1,
    })
    expect(shop.level(1)).toEqual({ onHand: 50, held: 0 })
  })

  it('leaves an opening that its stock object refuses pending, with the failure, and logs it', async () => {
    const shop = aCatalog()
    shop.stockOf(1).open({ quantity: 3, key: 'opening:1' }, NOW)
    await shop.addProduct()
    expect(shop.warnings).toEqual(['event_refused'])
    expect(shop.written[0]?.deliveries).toMatchObject([
      { consumer: 'catalog_stock', status: 'pending', lastFailure: 'adjustment_conflict' },
      { consumer: 'catalog_cache', status: 'done' },
    ])
    expect(shop.level(1).onHand).toBe(3)
  })

  it('leaves repeated failures for the next sweep, and does the rest', async () => {
    const shop = aCatalog()
    for (const variantId of [1, 2]) shop.faults.push({ variantId, method: 'open', when: 'before' })
    await shop.addProduct()
    await shop.addProduct()
    shop.faults.push({ variantId: 1, method: 'open', when: 'before' })
    shop.clock.now = later(60)
    expect(await sweepAll(catalogTasks(shop.deps))).toMatchObject({ stock_events_delivered: 1 })
    expect(shop.pendingOf('catalog_stock')).toEqual(['product.created 1'])
    shop.clock.now = later(120)
    expect(await sweepAll(catalogTasks(shop.deps))).toMatchObject({ stock_events_delivered: 1 })
  })

  it('invalidates kept answers also when telling the stock objects takes all its time', async () => {
    const shop = aCatalog()
    const settle = shop.deps.events.settle
    shop.deps.events.settle = () => Promise.reject(new Error('lost'))
    await shop.addProduct()
    await shop.addProduct()
    shop.deps.events.settle = settle
    shop.clock.now = later(60)
    const { find } = shop.deps.thresholds
    shop.deps.thresholds.find = async (ids) => {
      shop.clock.now = later(90)
      return find(ids)
    }
    expect(await sweepAll(catalogTasks(shop.deps))).toMatchObject({
      stock_events_delivered: 2,
      cache_events_delivered: 2,
    })
  })

  it('logs what it cannot look up, and leaves it for the next sweep', async () => {
    const shop = aCatalog()
    shop.faults.push({ variantId: 1, method: 'open', when: 'before' })
    await shop.addProduct()
    shop.clock.now = later(60)
    shop.warnings.splice(0)
    shop.deps.thresholds.find = () => Promise.reject(new Error('down'))
    expect(await sweepAll(catalogTasks(shop.deps))).toMatchObject({ stock_events_delivered: 0 })
    expect(shop.warnings).toEqual(['delivery_failed'])
    expect(shop.pendingOf('catalog_stock')).toEqual(['product.created 1'])
  })

  it('sets the newest threshold, whichever event it delivers', async () => {
    const shop = aCatalog()
    await shop.addProduct()
    for (const lowStockThreshold of [40, 20]) {
      shop.faults.push({ variantId: 1, method: 'watchLowStock', when: 'before' })
      await updateProduct(shop.deps, STAFF, { id: 1, changes: { lowStockThreshold } })
    }
    await shop.finish()
    expect(shop.pendingOf('catalog_stock')).toHaveLength(2)
    shop.clock.now = later(60)
    expect(await sweepAll(catalogTasks(shop.deps))).toMatchObject({ stock_events_delivered: 2 })
    shop.stockOf(1).adjust({ delta: -15, reason: 'damage', key: 'broken' }, NOW)
    expect(shop.lowOf(1)).toEqual([])
    shop.stockOf(1).adjust({ delta: -20, reason: 'damage', key: 'broken too' }, NOW)
    expect(shop.lowOf(1)).toMatchObject([{ threshold: 20 }])
  })
})
