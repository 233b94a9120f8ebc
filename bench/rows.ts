import { encodeCursor } from '@shop/kernel/pagination'
import type { Answer, Ask } from './http.ts'
import type { Shop } from './shop.ts'

export type Row = {
  name: string
  /** One flow. The n-th call gets n, so that calls differ. Returns its last answer. */
  flow: (n: number) => Promise<Answer>
  /** A second flow at the same time, at its own concurrency. */
  beside?: { flow: (n: number) => Promise<Answer>; concurrency: number }
  concurrencies: readonly number[]
}

type Cart = { id: string; total_amount: number; shipping_options: { id: string }[] }

const ALL = [1, 16, 64] as const
const PAY = { payment_method: 'pm_card_visa' }

/** As of a page that ends with a product of the catalogue: each is a second older than the one before. */
const deepCursor = (product: number) =>
  encodeCursor({ sortKey: new Date(Date.now() - product * 1_000).toISOString(), id: String(product) })

export function rowsOf(ask: Ask, shop: Shop): Row[] {
  const get = (path: string, headers = {}) => ask('GET', path, { expected: 200, headers })
  const product = (n: number) => shop.products[n % shop.products.length] ?? 0
  // Each from another address, as many customers would: one address is rate-limited.
  const login = (n: number) => {
    const headers = { 'cf-connecting-ip': `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}` }
    return ask('POST', '/api/users/login', { expected: 200, headers, json: shop.login })
  }
  const customer = (n: number) => shop.customers[n % shop.customers.length] ?? {}
  const order = (n: number, items: { product_id: number; quantity: number }[]) =>
    ask('POST', '/api/orders', { expected: 201, headers: customer(n), json: { items } })
  const orderLines = (n: number, lines: number) =>
    order(
      n,
      Array.from({ length: lines }, (_, line) => ({ product_id: product(n * 7 + line), quantity: 1 })),
    )
  const orderIdOf = (placed: Answer) => (JSON.parse(placed.body) as { order: { id: string } }).order.id
  const checkout = async (n: number) => {
    const order_id = orderIdOf(await orderLines(n, 1))
    return ask('POST', '/api/payments', { expected: 201, headers: customer(n), json: { order_id, ...PAY } })
  }
  const cartOf = (answer: Answer) => (JSON.parse(answer.body) as { cart: Cart }).cart
  const newCart = async (n: number) =>
    cartOf(await ask('POST', '/api/carts', { expected: 201, headers: customer(n), json: {} }))
  const addToCart = (n: number, id: string, line = 0) =>
    ask('POST', `/api/carts/${id}/items`, {
      expected: 200,
      headers: customer(n),
      json: { product_id: product(n * 7 + line), quantity: 1 },
    })
  const carts = new Map<number, Promise<Cart>>()
  /** One cart for each customer, which is made by their first call. */
  const addToOwnCart = async (n: number) => {
    const customerNumber = n % shop.customers.length
    const cart = carts.get(customerNumber) ?? newCart(customerNumber)
    carts.set(customerNumber, cart)
    return addToCart(customerNumber, (await cart).id)
  }
  const buyCart = async (n: number) => {
    const headers = customer(n)
    const { id } = await newCart(n)
    for (const line of [0, 1, 2]) await addToCart(n, id, line)
    const change = async (json: object) =>
      cartOf(await ask('PATCH', `/api/carts/${id}`, { expected: 200, headers, json }))
    const [option] = (await change({ shipping_address: shop.address })).shipping_options
    await change({ shipping_option_id: option?.id })
    const { total_amount: expected_total } = await change({ codes: [shop.code] })
    const order_id = orderIdOf(
      await ask('POST', `/api/carts/${id}/complete`, { expected: 201, headers, json: { expected_total } }),
    )
    return ask('POST', '/api/payments', { expected: 201, headers, json: { order_id, ...PAY } })
  }
  const words = [
    'linen shirt',
    'wool',
    'steel kettle',
    'brand 77',
    'many',
    'large vase',
    'sku-777-1',
    'blu',
    'te',
    'wol blankt',
  ]
  const word = (n: number) => encodeURIComponent(words[n % words.length] ?? '')
  const typed = ['l', 'li', 'lin', 'linen', 'linen s', 'brand 1', 'category', 'wool bla']
  return [
    { name: 'health', flow: () => get('/health'), concurrencies: ALL },
    { name: 'one product, cached', flow: () => get(`/api/products/${product(0)}`), concurrencies: ALL },
    {
      name: 'one product, uncached (staff)',
      flow: (n) => get(`/api/products/${product(n)}`, shop.admin),
      concurrencies: ALL,
    },
    { name: 'list of 20, cached', flow: () => get('/api/products'), concurrencies: ALL },
    { name: 'list of 20, uncached (staff)', flow: () => get('/api/products', shop.admin), concurrencies: ALL },
    {
      name: 'list of 20 of a category, uncached (staff)',
      flow: (n) => get(`/api/products?category=category-${1 + (n % 200)}`, shop.admin),
      concurrencies: ALL,
    },
    { name: 'search, cached', flow: () => get('/api/products?search=linen'), concurrencies: ALL },
    {
      name: 'search, uncached (staff)',
      flow: (n) => get(`/api/products?search=${word(n)}`, shop.admin),
      concurrencies: ALL,
    },
    {
      name: 'search by relevance, uncached (staff)',
      flow: (n) => get(`/api/products?search=${word(n)}&sort=relevance`, shop.admin),
      concurrencies: ALL,
    },
    {
      name: 'search with facets, uncached (staff)',
      flow: (n) => get(`/api/products?search=${word(n)}&facets=true`, shop.admin),
      concurrencies: ALL,
    },
    {
      name: 'search with facets and two filters, uncached (staff)',
      flow: (n) => get(`/api/products?search=${word(n)}&facets=true&option.size=M&in_stock=true`, shop.admin),
      concurrencies: ALL,
    },
    {
      name: 'category page by price with facets, uncached (staff)',
      flow: (n) => get(`/api/products?category=category-${9 + (n % 190)}&sort=price&facets=true`, shop.admin),
      concurrencies: ALL,
    },
    {
      name: 'suggestions, uncached (staff)',
      flow: (n) => get(`/api/search/suggest?q=${encodeURIComponent(typed[n % typed.length] ?? '')}`, shop.admin),
      concurrencies: ALL,
    },
    {
      name: 'page 2,500 of the list, uncached (staff)',
      flow: (n) => get(`/api/products?cursor=${deepCursor(50_000 + n)}`, shop.admin),
      concurrencies: ALL,
    },
    {
      name: 'token check (one product, cached)',
      flow: () => get(`/api/products/${product(0)}`, customer(0)),
      concurrencies: ALL,
    },
    { name: 'login', flow: login, concurrencies: [1, 16] },
    { name: 'place order, 1 line', flow: (n) => orderLines(n, 1), concurrencies: ALL },
    { name: 'place order, 4 lines', flow: (n) => orderLines(n, 4), concurrencies: ALL },
    {
      name: 'place order, one hot item',
      flow: (n) => order(n, [{ product_id: product(0), quantity: 1 }]),
      concurrencies: ALL,
    },
    { name: 'order and pay, with its webhook', flow: checkout, concurrencies: ALL },
    { name: 'add to cart', flow: addToOwnCart, concurrencies: ALL },
    {
      name: 'whole checkout: cart, 3 lines, address, option, code, complete, pay',
      flow: buyCart,
      concurrencies: [1, 16],
    },
    {
      name: 'place order, 1 line, while 8 clients log in',
      flow: (n) => orderLines(n, 1),
      beside: { flow: login, concurrency: 8 },
      concurrencies: [16],
    },
  ]
}
