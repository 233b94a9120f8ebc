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

const ALL = [1, 16, 64] as const
const PAY = { payment_method: 'pm_card_visa' }

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
  const words = ['made', 'many', 'number', 'ab', 'cd1', 'f00', '123', 'product 77', 'e5a', '9b']
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
      flow: (n) => get(`/api/products?category=category-${n % 50}`, shop.admin),
      concurrencies: ALL,
    },
    { name: 'search, cached', flow: () => get('/api/products?search=product%2077'), concurrencies: ALL },
    {
      name: 'search, uncached (staff)',
      flow: (n) => get(`/api/products?search=${encodeURIComponent(words[n % words.length] ?? '')}`, shop.admin),
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
    {
      name: 'place order, 1 line, while 8 clients log in',
      flow: (n) => orderLines(n, 1),
      beside: { flow: login, concurrency: 8 },
      concurrencies: [16],
    },
  ]
}
