import type { ShopEvent } from '@shop/contracts/events/catalogue'
import { describe, expect, it } from 'vitest'
import { deliverStockEvents } from '../../../src/stock/deliver-stock-events.ts'
import { aCatalog, NOW } from '../../support/catalog.ts'

const created = (over: Partial<ShopEvent<'product.created'>> = {}): ShopEvent<'product.created'> => ({
  id: 7,
  type: 'product.created',
  version: 1,
  key: '1',
  sequence: 1,
  payload: { productId: 1, variantId: 1, variantIds: [1], price: 3995, currency: 'USD', openingStock: 50 },
  createdAt: NOW,
  ...over,
})

describe('an event for the stock objects', () => {
  it('has one effect, however often it is delivered', async () => {
    const shop = aCatalog()
    await shop.addProduct()
    const event = created()
    const done = { eventId: 7, outcome: 'done' }
    expect(await deliverStockEvents(shop.deps, [event, event])).toEqual([done, done])
    expect(shop.level(1).onHand).toBe(50)
  })

  it('is skipped when its variant does not exist', async () => {
    const shop = aCatalog()
    expect(await deliverStockEvents(shop.deps, [created()])).toEqual([{ eventId: 7, outcome: 'skipped' }])
    expect(shop.calls).toEqual([])
  })

  it.each([
    ['a newer version', created({ version: 2 })],
    ['another payload', { ...created(), payload: { variantId: 1 } } as ShopEvent],
    ['a type for other consumers', { ...created(), type: 'product.deleted' } as ShopEvent],
  ])('is invalid with %s', async (_, event) => {
    const shop = aCatalog()
    await shop.addProduct()
    expect(await deliverStockEvents(shop.deps, [event])).toEqual([
      { eventId: 7, outcome: 'failed', failure: 'invalid_event' },
    ])
  })

  it('fails alone when its stock object does not answer', async () => {
    const shop = aCatalog()
    await shop.addProduct()
    await shop.addProduct()
    shop.faults.push({ variantId: 1, method: 'open', when: 'before' })
    const payload = { ...created().payload, productId: 2, variantId: 2 }
    expect(await deliverStockEvents(shop.deps, [created(), created({ id: 8, key: '2', payload })])).toEqual([
      { eventId: 7, outcome: 'failed', failure: 'service_unavailable' },
      { eventId: 8, outcome: 'done' },
    ])
  })
})
