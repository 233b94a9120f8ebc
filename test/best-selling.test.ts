import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

describe('the best selling products', () => {
  it('are first in the list soon after they were sold', async () => {
    const { shop, admin, customer } = stage
    const category = `sold-${crypto.randomUUID().slice(0, 8)}`
    const [unsold, few, many] = await Promise.all(
      ['Unsold', 'Few', 'Many'].map((name) => shop.addProduct(admin, { name, category })),
    )
    if (unsold === undefined || few === undefined || many === undefined) throw new Error('Not added')
    for (const [product, quantity] of [
      [few, 1],
      [many, 3],
      [unsold, 5],
    ] as const) {
      const { body } = await shop.placeOrder(customer, [[product, quantity]])
      if (product === unsold) continue
      expect((await shop.pay(customer, body.order, 'pm_card_visa')).status).toBe(201)
    }
    const names = async () =>
      (await shop.request('GET', `/api/products?category=${category}&sort=best_selling`)).body.products.map(
        ({ name }) => name,
      )
    await expect.poll(names, { timeout: 10_000 }).toEqual(['Many', 'Few', 'Unsold'])
  })
})
