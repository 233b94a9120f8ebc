import { sweepAll } from '@shop/testing/sweep'
import { describe, expect, it } from 'vitest'
import { catalogTasks } from '../../src/sweep.ts'
import { aCatalog, later } from '../support/catalog.ts'

describe('the sweep', () => {
  it('finds nothing to deliver when every request finished', async () => {
    const shop = aCatalog()
    await shop.addProduct({ lowStockThreshold: 5 })
    shop.clock.now = later(60)
    expect(await sweepAll(catalogTasks(shop.deps))).toEqual({
      cache_events_delivered: 0,
      searched_products_written: 0,
      keys_pruned: 0,
      events_pruned: 0,
    })
    expect(shop.calls).toEqual([])
  })

  it('leaves an event to its writer for 10 s, and delivers one whose delivery was not settled then', async () => {
    const shop = aCatalog()
    const settle = shop.deps.events.settle
    shop.deps.events.settle = () => Promise.reject(new Error('lost'))
    await shop.addProduct()
    shop.deps.events.settle = settle
    expect(shop.warnings).toEqual(['event_unsettled'])
    shop.clock.now = later(9)
    expect(await sweepAll(catalogTasks(shop.deps))).toMatchObject({ cache_events_delivered: 0 })
    shop.clock.now = later(10)
    expect(await sweepAll(catalogTasks(shop.deps))).toMatchObject({ cache_events_delivered: 1 })
    expect(shop.pendingOf('catalog_cache')).toEqual([])
  })
})
