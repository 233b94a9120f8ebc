import type { Reply } from '@shop/testing/client'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import { type ProductBody, variantIdOf } from '@shop/testing/product-body'
import type { Account } from '@shop/testing/shop'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

const staff = (method: string, path: string, options: object = {}) =>
  stage.shop.request(method, path, { token: stage.admin.token, ...options })
const inventoryOf = async (product: ProductBody) => (await staff('GET', `/api/inventory/${product.id}`)).body.inventory
const listed = async (product: ProductBody) => (await staff('GET', `/api/products/${product.id}`)).body.product
const adjust = (product: ProductBody, delta: number, key = crypto.randomUUID()) =>
  staff('POST', `/api/inventory/${product.id}/adjust`, {
    body: { delta, reason: delta > 0 ? 'receive' : 'damage' },
    headers: { 'idempotency-key': key },
  })
const falsify = (product: ProductBody, change: { available: number; ahead: number }) =>
  stage.platform.database.as('catalog').execute(sql`
    update catalog.variants set available = ${change.available}, stock_sequence = stock_sequence + ${change.ahead}
    where product_id = ${product.id}`)

/** Reads all pages and collects their results. */
async function readAllPages(path: string, limit = 500) {
  const pages = []
  let cursor: string | null = null
  do {
    const { status, body }: Reply = await staff('POST', path, { body: { limit, cursor } })
    expect(status).toBe(200)
    pages.push(body)
    cursor = body.next_cursor
  } while (cursor !== null)
  return { pages, differences: pages.flatMap((page) => page.differences ?? []) }
}

describe('an incorrect inventory listing', () => {
  it('is rebuilt from the stock objects, page by page', async () => {
    const products = await Promise.all([5, 6, 7].map((n) => stage.shop.addProduct(stage.admin, { stock_quantity: n })))
    await Promise.all(products.map((product) => adjust(product, 1)))
    for (const [n, product] of products.entries()) {
      await stage.shop.stockBecomes(product.id, 6 + n)
      await falsify(product, { available: 99, ahead: 0 })
    }
    const { pages } = await readAllPages('/api/inventory/rebuild', 2)
    expect(pages.length).toBeGreaterThan(1)
    expect(pages.reduce((sum, { rewritten }) => sum + rewritten, 0)).toBeGreaterThanOrEqual(3)
    for (const [n, product] of products.entries()) expect((await listed(product)).stock_quantity).toBe(6 + n)
  })

  it.each([
    { available: 99, ahead: 0 },
    { available: 10, ahead: 1_000 },
    { available: 3, ahead: 1_000 },
  ])('is found and repaired, and follows later changes: %j', async (wrong) => {
    const product = await stage.shop.addProduct(stage.admin, { stock_quantity: 9 })
    await adjust(product, 1)
    await stage.shop.stockBecomes(product.id, 10)
    await falsify(product, wrong)
    const { differences } = await readAllPages('/api/inventory/reconcile')
    expect(differences.filter(({ inventory }) => inventory.product_id === product.id)).toMatchObject([
      { fault: 'listing', listed: wrong.available, inventory: { available: 10 }, repaired: true },
    ])
    expect((await listed(product)).stock_quantity).toBe(10)
    await adjust(product, 2)
    await stage.shop.stockBecomes(product.id, 12)
    const again = await readAllPages('/api/inventory/reconcile')
    expect(again.differences.filter(({ inventory }) => inventory.product_id === product.id)).toEqual([])
  })

  it('is not reported while a change is being delivered to it', async () => {
    const product = await stage.shop.addProduct(stage.admin, { stock_quantity: 9 })
    await stage.shop.placeOrder(stage.customer, [[product, 2]])
    const { differences } = await readAllPages('/api/inventory/reconcile')
    expect(differences.filter(({ inventory }) => inventory.product_id === product.id)).toEqual([])
  })

  it('is no loss while the object of a product was not needed; one that has listed stock and is empty has lost it', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { stock_quantity: 9 })
    const ofProduct = async () =>
      (await readAllPages('/api/inventory/reconcile')).differences.filter(
        ({ inventory }) => inventory.product_id === product.id,
      )
    expect(await ofProduct()).toEqual([])
    // As after the loss of its storage: Postgres has a level that the object does not know.
    await falsify(product, { available: 9, ahead: 3 })
    expect(await ofProduct()).toMatchObject([{ fault: 'lost', repaired: false }])
    expect((await staff('GET', `/api/inventory/${product.id}`)).status).toBe(503)
    expect((await adjust(product, 1)).status).toBe(503)
    expect((await shop.placeOrder(customer, [[product, 1]])).status).toBe(503)
    await falsify(product, { available: 9, ahead: -3 })
    expect((await shop.placeOrder(customer, [[product, 1]])).status).toBe(201)
    expect(await inventoryOf(product)).toMatchObject({ on_hand: 9, held: 1 })
  })

  it.each([{ limit: 0 }, { limit: 501 }, { limit: 'x' }, { cursor: 'nonsense' }])(
    'is not searched for with %j',
    async (body) => {
      expect((await staff('POST', '/api/inventory/reconcile', { body })).status).toBe(422)
    },
  )
})

describe('a low-stock threshold', () => {
  const lowOf = async (product: ProductBody) => {
    const found = await stage.platform.database.as('catalog').execute(sql`
      select payload->>'available' as available from catalog.events
      where type = 'stock.low' and key = ${`variant:${variantIdOf(product)}`} order by id`)
    return found.rows.map(({ available }) => Number(available))
  }
  /** All pages of the low-stock list, filtered to these products. */
  async function listedLow(products: ProductBody[]): Promise<number[]> {
    const ids: number[] = []
    let cursor: string | null = null
    do {
      const next: string = cursor === null ? '' : `&cursor=${cursor}`
      const { status, body } = await staff('GET', `/api/inventory?low=true&limit=1${next}`)
      expect(status).toBe(200)
      // The list and the single inventory use the same field name.
      ids.push(...(body.inventory as unknown as { product_id: number }[]).map(({ product_id }) => product_id))
      cursor = body.next_cursor
    } while (cursor !== null)
    return ids.filter((id) => products.some((product) => product.id === id))
  }

  it('makes one event each time the stock falls to it, and shows staff the low products', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { stock_quantity: 6, low_stock_threshold: 4 })
    const other = await shop.addProduct(admin, { stock_quantity: 2, low_stock_threshold: 3 })
    const plenty = await shop.addProduct(admin, { stock_quantity: 2, low_stock_threshold: 1 })
    await shop.placeOrder(customer, [[product, 2]])
    await shop.placeOrder(customer, [[product, 1]])
    await eventually(
      () => lowOf(product),
      (events) => JSON.stringify(events) === '[4]',
      4_000,
    )
    await shop.stockBecomes(product.id, 3)
    expect(await listedLow([product, other, plenty])).toEqual([product.id, other.id])
    await adjust(product, 5)
    await adjust(product, -6)
    await eventually(
      () => lowOf(product),
      (events) => JSON.stringify(events) === '[4,2]',
      4_000,
    )
    expect(await inventoryOf(product)).toMatchObject({ low_stock_threshold: 4 })
  })

  it('can be changed and removed, and is for staff only', async () => {
    const { shop, admin } = stage
    const product = await shop.addProduct(admin, { stock_quantity: 6 })
    const put = (low_stock_threshold: number | null) =>
      staff('PUT', `/api/products/${product.id}`, { body: { low_stock_threshold } })
    for (const threshold of [3, 5, null, 4]) {
      expect((await put(threshold)).status).toBe(200)
      expect((await inventoryOf(product)).low_stock_threshold).toBe(threshold)
    }
    await adjust(product, -2)
    await eventually(
      () => lowOf(product),
      (events) => JSON.stringify(events) === '[4]',
      4_000,
    )
    await put(null)
    await adjust(product, 5)
    await adjust(product, -6)
    await shop.stockBecomes(product.id, 3)
    expect(await lowOf(product)).toEqual([4])
    const shown = await shop.request('GET', `/api/inventory/${product.id}`)
    expect(shown.body.inventory).toEqual({
      product_id: product.id,
      variant_id: variantIdOf(product),
      sku: null,
      available: 3,
      in_stock: true,
      inventory_policy: 'deny',
    })
    expect((await put(-1)).status).toBe(422)
  })
})

describe('many customers who order, cancel and pay while the stock is adjusted', () => {
  const CUSTOMERS = 12
  const ROUNDS = process.env.LONG ? 60 : 5
  const OPENING = 30

  /** The replies that one customer and the staff got. */
  type Replies = { orders: OrderBody[]; delta: number }

  async function shopFor(customer: Account, product: ProductBody, seed: number): Promise<Replies> {
    const { shop } = stage
    const replies: Replies = { orders: [], delta: 0 }
    for (let round = 0; round < ROUNDS; round += 1) {
      const quantity = 1 + ((seed + round) % 3)
      const placed = await shop.placeOrder(customer, [[product, quantity]])
      expect([201, 409]).toContain(placed.status)
      const delta = (seed + round) % 2 === 0 ? 3 : -2
      const adjusted = await adjust(product, delta)
      expect([200, 409]).toContain(adjusted.status)
      if (adjusted.status === 200) replies.delta += delta
      if (placed.status !== 201) continue
      const { order } = placed.body
      replies.orders.push(order)
      const fate = (seed * 7 + round) % 3
      if (fate === 0) expect((await shop.pay(customer, order, 'pm_card_visa')).status).toBe(201)
      if (fate === 1) {
        const cancel = { token: customer.token, body: { status: 'cancelled' } }
        expect((await shop.request('PATCH', `/api/orders/${order.id}/status`, cancel)).status).toBe(200)
      }
    }
    return replies
  }

  it('leave exactly the stock that the orders and adjustments imply', { timeout: 600_000 }, async () => {
    const { shop, admin, platform } = stage
    const product = await shop.addProduct(admin, { stock_quantity: OPENING })
    const customers = await Promise.all(Array.from({ length: CUSTOMERS }, () => shop.signUp()))
    const replies = await Promise.all(customers.map((customer, n) => shopFor(customer, product, n)))
    const delta = replies.reduce((sum, one) => sum + one.delta, 0)

    const look = async () => {
      await platform.sweep()
      const orders = await Promise.all(replies.flatMap((one) => one.orders).map(({ id }) => shop.getOrder(admin, id)))
      const units = (status: string) =>
        orders
          .filter((order) => order.status === status)
          .reduce((sum, { items }) => sum + items.reduce((lines, { quantity }) => lines + quantity, 0), 0)
      const expected = { on_hand: OPENING + delta - units('processing'), held: units('pending') }
      const { on_hand, held, available } = await inventoryOf(product)
      return { expected, found: { on_hand, held }, available, sold: units('processing') }
    }
    const { expected, available, sold } = await eventually(
      look,
      (state) => JSON.stringify(state.expected) === JSON.stringify(state.found),
      30_000,
    )
    expect(available).toBe(expected.on_hand - expected.held)
    expect(available).toBeGreaterThanOrEqual(0)
    expect(sold).toBeGreaterThan(0)
    await shop.stockBecomes(product.id, available)
    const { differences } = await readAllPages('/api/inventory/reconcile')
    expect(differences).toEqual([])
  })
})
