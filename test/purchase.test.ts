import type { OrderBody } from '@shop/testing/order-body'
import { intentsOf } from '@shop/testing/stripe-js'
import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

describe('a purchase', () => {
  it('goes from a new account through the catalogue to a paid order, and the stock shows it', async () => {
    const { shop, admin, platform } = stage
    const product = await shop.addProduct(admin, { name: 'Aeropress', price: 29.95, stock_quantity: 10 })
    const account = await shop.signUp()
    const { email, password } = account
    const login = await shop.request('POST', '/api/users/login', { body: { email: email.toUpperCase(), password } })
    expect(login.status).toBe(200)
    const customer = { ...account, token: login.body.token }
    const page = await shop.request('GET', '/api/products?search=aeropress')
    expect(page.body.products.map(({ id }) => id)).toContain(product.id)

    const placed = await shop.placeOrder(customer, [[product, 3]])
    expect(placed.status).toBe(201)
    expect(placed.body.order).toMatchObject({
      user_id: account.user.id,
      status: 'pending',
      payment_status: 'unpaid',
      total_amount: 89.85,
      currency: 'USD',
      items: [{ product_id: product.id, name: 'Aeropress', quantity: 3, price: 29.95 }],
    })
    const paid = await shop.pay(customer, placed.body.order, 'pm_card_visa')
    expect(paid.status).toBe(201)
    expect(paid.body.payment).toMatchObject({ amount: 89.85, currency: 'USD', status: 'succeeded' })

    await shop.orderBecomes(customer, placed.body.order.id, 'processing', 'paid')
    await shop.stockBecomes(product.id, 7)
    expect(intentsOf(platform.stripe, placed.body.order).map(({ amount_received }) => amount_received)).toEqual([8985])
  })

  it('works with trailing slashes in paths', async () => {
    const { shop, admin } = stage
    const product = await shop.addProduct(admin)
    const account = await shop.signUp()
    const { email, password } = account
    const login = await shop.request('POST', '/api/users/login/', { body: { email, password } })
    expect(login.status).toBe(200)
    const { token } = login.body
    expect((await shop.request('GET', '/api/users/profile/', { token })).body.user.email).toBe(email)
    expect((await shop.request('GET', '/api/products/')).status).toBe(200)
    expect((await shop.request('GET', `/api/products/${product.id}/`)).status).toBe(200)
    const items = [{ product_id: product.id, quantity: 1 }]
    const placed = await shop.request('POST', '/api/orders/', { token, body: { items } })
    expect(placed.status).toBe(201)
    const { id } = placed.body.order
    const body = { order_id: id, payment_method: 'pm_card_visa' }
    const paid = await shop.request('POST', '/api/payments/', { token, body })
    expect(paid.status).toBe(201)
    expect((await shop.request('GET', `/api/payments/${paid.body.payment.id}/`, { token })).status).toBe(200)
    expect((await shop.request('GET', `/api/payments/order/${id}/`, { token })).status).toBe(200)
    expect((await shop.request('GET', `/api/orders/${id}/`, { token })).body.order.id).toBe(id)
  })

  it('keeps the price at the time of ordering when the product changes before payment', async () => {
    const { shop, admin, customer, platform } = stage
    const product = await shop.addProduct(admin, { price: 10 })
    const { order } = (await shop.placeOrder(customer, [[product, 2]])).body
    await shop.request('PUT', `/api/products/${product.id}`, { token: admin.token, body: { price: 99 } })
    expect((await shop.pay(customer, order, 'pm_card_visa')).body.payment.amount).toBe(20)
    expect((await shop.getOrder(customer, order.id)).total_amount).toBe(20)
    expect(intentsOf(platform.stripe, order).map(({ amount }) => amount)).toEqual([2_000])
  })

  it('keeps the name at the time of ordering when the product is deleted before payment', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { name: 'Last of its kind' })
    const { order } = (await shop.placeOrder(customer, [[product, 1]])).body
    const deleted = await shop.request('DELETE', `/api/products/${product.id}`, { token: admin.token })
    expect(deleted.status).toBe(200)
    expect((await shop.pay(customer, order, 'pm_card_visa')).status).toBe(201)
    const paid = await shop.orderBecomes(customer, order.id, 'processing', 'paid')
    expect(paid.items.map(({ name }) => name)).toEqual(['Last of its kind'])
  })

  it('keeps the category and image at the time of ordering when the product changes', async () => {
    const { shop, admin, customer } = stage
    const [was, is] = [
      { category: 'kitchen', image_url: 'https://images.example.com/1.jpg' },
      { category: 'garden', image_url: null },
    ]
    const product = await shop.addProduct(admin, was)
    const { order } = (await shop.placeOrder(customer, [[product, 1]])).body
    await shop.request('PUT', `/api/products/${product.id}`, { token: admin.token, body: is })
    expect(order.items).toMatchObject([was])
    expect((await shop.getOrder(customer, order.id)).items).toMatchObject([was])
  })

  it('keeps a shipping address as sent, as text or in parts', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin)
    const items = [{ product_id: product.id, quantity: 1 }]
    for (const shipping_address of ['1 Main St\nSpringfield', { line1: 'Läna 1', city: '東京', postal_code: '100' }]) {
      const placed = await shop.request('POST', '/api/orders', {
        token: customer.token,
        body: { items, shipping_address },
      })
      expect((await shop.getOrder(customer, placed.body.order.id)).shipping_address).toEqual(shipping_address)
    }
  })
})

describe('stock', () => {
  it('adds up the quantities of two lines with the same product', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { stock_quantity: 5 })
    const refused = await shop.placeOrder(customer, [
      [product, 3],
      [product, 3],
    ])
    expect(refused.status).toBe(409)
    expect(refused.body).toMatchObject({ code: 'out_of_stock', product_id: product.id, requested: 6, available: 5 })
    const placed = await shop.placeOrder(customer, [
      [product, 3],
      [product, 2],
    ])
    expect(placed.body.order.items.map(({ quantity }) => quantity)).toEqual([3, 2])
    await shop.stockBecomes(product.id, 0)
  })

  it('refuses more than is available, naming the product, the requested and the available units, and holds nothing', async () => {
    const { shop, admin, customer } = stage
    const scarce = await shop.addProduct(admin, { name: 'Scarce', stock_quantity: 2 })
    const plenty = await shop.addProduct(admin, { name: 'Plenty', stock_quantity: 9 })
    const refused = await shop.placeOrder(customer, [
      [plenty, 9],
      [scarce, 3],
    ])
    expect(refused.status).toBe(409)
    expect(refused.body).toMatchObject({
      code: 'out_of_stock',
      product_id: scarce.id,
      name: 'Scarce',
      requested: 3,
      available: 2,
    })
    const placed = await shop.placeOrder(customer, [
      [plenty, 9],
      [scarce, 2],
    ])
    expect(placed.status).toBe(201)
  })
})

describe('an order', () => {
  it('of an unknown product is refused, naming the product', async () => {
    const { shop, admin, customer } = stage
    const known = await shop.addProduct(admin)
    const refused = await shop.placeOrder(customer, [
      [known, 1],
      [{ ...known, id: 987_654_321 }, 1],
    ])
    expect(refused.status).toBe(404)
    expect(refused.body).toMatchObject({ code: 'product_not_found', product_id: 987_654_321 })
  })

  it.each([
    ['no items', { items: [] }, 'items'],
    ['quantity 0', { items: [{ product_id: 1, quantity: 0 }] }, 'items.0.quantity'],
    ['quantity -1', { items: [{ product_id: 1, quantity: -1 }] }, 'items.0.quantity'],
    ['quantity 1.5', { items: [{ product_id: 1, quantity: 1.5 }] }, 'items.0.quantity'],
    ['quantity "2"', { items: [{ product_id: 1, quantity: '2' }] }, 'items.0.quantity'],
    ['product "1"', { items: [{ product_id: '1', quantity: 1 }] }, 'items.0.product_id'],
    ['101 lines', { items: Array(101).fill({ product_id: 1, quantity: 1 }) }, 'items'],
    ['an unknown field', { items: [{ product_id: 1, quantity: 1 }], total_amount: 1 }, 'total_amount'],
    ['an unknown field of a line', { items: [{ product_id: 1, quantity: 1, price: 1 }] }, 'items.0.price'],
  ])('with %s is refused, naming the field', async (_, body, field) => {
    const { shop, customer } = stage
    const refused = await shop.request('POST', '/api/orders', { token: customer.token, body })
    expect(refused.status).toBe(422)
    expect(refused.body.errors?.map((error) => error.field)).toContain(field)
  })

  it('has at most a hundred lines', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { price: 1, stock_quantity: 100 })
    const placed = await shop.placeOrder(customer, Array(100).fill([product, 1]))
    expect(placed.status).toBe(201)
    expect(placed.body.order.items).toHaveLength(100)
  })

  it('has one currency', async () => {
    const { shop, admin, customer } = stage
    const dollars = await shop.addProduct(admin, { currency: 'USD' })
    const euros = await shop.addProduct(admin, { currency: 'EUR' })
    const refused = await shop.placeOrder(customer, [
      [dollars, 1],
      [euros, 1],
    ])
    expect([refused.status, refused.body.code]).toEqual([422, 'mixed_currencies'])
  })
})

describe('money', () => {
  const DIGITS: Record<string, number> = { USD: 2, JPY: 0, KWD: 3 }

  it.each([
    [
      'USD',
      [
        [0.1, 3],
        [0.2, 1],
        [19.99, 7],
      ],
    ],
    [
      'USD',
      [
        [1.005e1, 1],
        [4.35, 100],
        [1.1, 3],
      ],
    ],
    ['USD', [[999_999.99, 1]]],
    [
      'JPY',
      [
        [50, 1],
        [1_299, 3],
      ],
    ],
    ['JPY', [[99_999_999, 1]]],
    [
      'KWD',
      [
        [0.33, 1],
        [1.11, 7],
        [12.05, 3],
      ],
    ],
  ] as [string, [number, number][]][])('in %s is exact from the lines %j to the charge', async (currency, lines) => {
    const { shop, admin, customer, platform } = stage
    const digits = DIGITS[currency] ?? 0
    const minor = (amount: number) => Math.round(amount * 10 ** digits)
    const products = await Promise.all(
      lines.map(([price]) => shop.addProduct(admin, { price, currency, stock_quantity: 100 })),
    )
    const items = products.map((product, line) => [product, lines[line]?.[1] ?? 0] as [typeof product, number])
    const { order } = (await shop.placeOrder(customer, items)).body
    const sum = lines.reduce((total, [price, quantity]) => total + minor(price) * quantity, 0)
    expect(minor(order.total_amount)).toBe(sum)
    expect(order.items.reduce((total, item) => total + minor(item.price) * item.quantity, 0)).toBe(sum)
    const paid = await shop.pay(customer, order, 'pm_card_visa')
    expect(paid.body.payment).toMatchObject({ amount: order.total_amount, currency, status: 'succeeded' })
    expect(intentsOf(platform.stripe, order).map(({ amount }) => amount)).toEqual([sum])
  })

  it('is limited to the largest amount that Stripe charges', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { price: 500_000, stock_quantity: 10 })
    const refused = await shop.placeOrder(customer, [[product, 2]])
    expect([refused.status, refused.body.code]).toEqual([422, 'order_total_too_large'])
    const lines = await shop.placeOrder(customer, [
      [product, 1],
      [product, 1],
    ])
    expect(lines.body.code).toBe('order_total_too_large')
    await shop.stockBecomes(product.id, 10)
  })

  it.each([
    ['USD', 0.49, { minimum: 0.5, maximum: 999_999.99, step: 0.01 }],
    ['KWD', 1.235, { minimum: 0.01, maximum: 99_999.99, step: 0.01 }],
    ['MGA', 1_500.5, { minimum: 1, maximum: 99_999_999, step: 1 }],
  ])('that cannot be charged is refused when it is placed, and nothing is held: %s %d', async (...given) => {
    const { shop, admin, customer } = stage
    const [currency, price, range] = given
    const product = await shop.addProduct(admin, { price, currency, stock_quantity: 10 })
    const refused = await shop.placeOrder(customer, [[product, 1]])
    expect([refused.status, refused.body]).toMatchObject([422, { code: 'amount_not_chargeable', currency, ...range }])
    const { inventory } = (await shop.request('GET', `/api/inventory/${product.id}`, { token: admin.token })).body
    expect(inventory).toMatchObject({ available: 10, held: 0 })
  })

  it('counts, not the price of one unit', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { price: 0.49, stock_quantity: 10 })
    const { order } = (await shop.placeOrder(customer, [[product, 2]])).body
    expect((await shop.pay(customer, order, 'pm_card_visa')).body.payment).toMatchObject({ amount: 0.98 })
  })

  it('may have twelve digits in rupiah', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { price: 5_000_000, currency: 'IDR', stock_quantity: 10 })
    const placed = await shop.placeOrder(customer, [[product, 3]])
    expect([placed.status, placed.body.order.total_amount]).toEqual([201, 15_000_000])
  })

  it('of 0 is paid by placing it, without Stripe, and staff may ship or cancel it', async () => {
    const { shop, admin, customer, platform } = stage
    const product = await shop.addProduct(admin, { price: 0, stock_quantity: 10 })
    const [shipped, cancelled] = await Promise.all(
      [1, 2].map(async (quantity) => (await shop.placeOrder(customer, [[product, quantity]])).body.order),
    )
    if (shipped === undefined || cancelled === undefined) throw new Error('not placed')
    expect(shipped).toMatchObject({ status: 'processing', payment_status: 'paid', total_amount: 0, captured_amount: 0 })
    await shop.stockBecomes(product.id, 7)
    const paid = await shop.pay(customer, shipped, 'pm_card_visa')
    expect([paid.status, paid.body.code]).toEqual([409, 'order_already_paid'])
    expect(intentsOf(platform.stripe, shipped)).toEqual([])
    const move = (order: OrderBody, status: string) =>
      shop.request('PATCH', `/api/orders/${order.id}/status`, { token: admin.token, body: { status } })
    expect((await move(shipped, 'shipped')).body.order.status).toBe('shipped')
    expect((await move(cancelled, 'cancelled')).body.order).toMatchObject({
      status: 'cancelled',
      payment_status: 'refunded',
    })
    await platform.sweep()
    await shop.stockBecomes(product.id, 9)
  })
})
