import { describe, expect, it } from 'vitest'
import { applyOffers } from '../../../src/carts/domain/items/offer.ts'
import { anItem, anOffer } from '../../support/carts.ts'

describe('the quantity of an item', () => {
  it.each([
    ['what is available', { available: 3 }, 3],
    ['what one order may have', { maxPerOrder: 2 }, 2],
    ['the least of both', { available: 3, maxPerOrder: 2 }, 2],
  ])('is reduced to %s', (_, over, to) => {
    const item = anItem({ quantity: 5 })
    const { items, changes } = applyOffers([item], [anOffer(over)])
    expect(items[0]?.quantity).toBe(to)
    expect(changes).toEqual([{ code: 'quantity_reduced', itemId: item.id, from: 5, to }])
  })

  it.each([
    ['nothing is available', { available: 0 }],
    ['more was sold than there was', { available: -2 }],
    ['any number may be sold', { available: null }],
    ['there is enough', { available: 5, maxPerOrder: 5 }],
  ])('stays where %s', (_, over) => {
    const { items, changes } = applyOffers([anItem({ quantity: 5 })], [anOffer(over)])
    expect([items[0]?.quantity, changes]).toEqual([5, []])
  })

  it('counts all variants of a product against what one order may have of it', () => {
    const items = [anItem({ quantity: 3 }), anItem({ variantId: 12, quantity: 3 }), anItem({ variantId: 13 })]
    const offers = [11, 12, 13].map((variantId) => anOffer({ variantId, maxPerOrder: 4 }))
    expect(applyOffers(items, offers).items.map(({ quantity }) => quantity)).toEqual([3, 1, 1])
  })

  it('never makes a line that could not be shown exactly', () => {
    const { items } = applyOffers([anItem({ quantity: 1_000_000 })], [anOffer({ price: 10 ** 9, available: null })])
    expect(items[0]?.quantity).toBe(999)
  })
})

describe('an item without an offer', () => {
  it('stays as it is', () => {
    const item = anItem({ quantity: 5, unitPrice: 900 })
    expect(applyOffers([item], [anOffer({ variantId: 12 })])).toEqual({ items: [item], changes: [] })
  })
})

it('a second time, the same offers change nothing', () => {
  const offers = [anOffer({ available: 3, price: 1_200, name: 'Blue mug' })]
  const once = applyOffers([anItem({ quantity: 5, unitPrice: 1_000 })], offers)
  expect(once.changes).toHaveLength(2)
  expect(applyOffers(once.items, offers)).toEqual({ items: once.items, changes: [] })
})
