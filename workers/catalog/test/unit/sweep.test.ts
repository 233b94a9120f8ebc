import { describe, expect, it } from 'vitest'
import { sweepCatalog } from '../../src/sweep.ts'
import { aCatalog } from '../support/catalog.ts'

describe('the sweep', () => {
  it('finds nothing to do when every request finished', async () => {
    const shop = aCatalog()
    await shop.addProduct({ lowStockThreshold: 5 })
    shop.calls.splice(0)
    expect(await sweepCatalog(shop.deps)).toMatchObject({ stock_opened: 0, stock_watched: 0 })
    expect(shop.calls).toEqual([])
  })

  it('confirms an opening that the stock object refuses for good, and logs it', async () => {
    const shop = aCatalog()
    shop.faults.push({ variantId: 1, method: 'open', when: 'before' })
    await shop.addProduct()
    shop.stockOf(1).open({ quantity: 3, key: 'opening:1' }, shop.clock.now)
    expect(await sweepCatalog(shop.deps)).toMatchObject({ stock_opened: 1 })
    expect(shop.warnings).toEqual(['opening_stock_postponed', 'opening_stock_refused'])
    expect([shop.level(1).onHand, shop.unconfirmedOpenings()]).toEqual([3, []])
  })

  it('leaves what fails again for the next sweep, and does the rest', async () => {
    const shop = aCatalog()
    for (const variantId of [1, 2]) shop.faults.push({ variantId, method: 'open', when: 'before' })
    await shop.addProduct()
    await shop.addProduct()
    shop.faults.push({ variantId: 1, method: 'open', when: 'before' })
    expect(await sweepCatalog(shop.deps)).toMatchObject({ stock_opened: 1 })
    expect(shop.unconfirmedOpenings()).toEqual([1])
    expect(await sweepCatalog(shop.deps)).toMatchObject({ stock_opened: 1 })
  })
})
