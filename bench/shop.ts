import { hashPassword } from '@shop/passwords'
import { loadArgon2id } from '@shop/passwords/node'
import pMap from 'p-map'
import pg from 'pg'
import type { Ask } from './http.ts'

export type Shop = {
  admin: Record<string, string>
  /** Who have paid before. Each is one row that counts their unpaid orders. */
  customers: Record<string, string>[]
  login: { email: string; password: string }
  /** Products with more stock than a benchmark can sell. */
  products: number[]
}

const PASSWORD = 'a passphrase for benchmarks'
const CATALOGUE = 100_000
const STOCKED = 64
const CUSTOMERS = 64

/** A catalogue of 100,000 products, of which some have stock, a customer and an admin. */
export async function openBenchShop(adminUrl: string, ask: Ask): Promise<Shop> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await fillCatalogue(client)
    await addAdmin(client)
  } finally {
    await client.end()
  }
  const admin = await signIn(ask, 'admin@bench.example')
  const products: number[] = []
  for (let n = 0; n < STOCKED; n += 1) {
    const json = { name: `Stocked product ${n}`, price: 12.5, stock_quantity: 1_000_000_000 }
    const created = await ask('POST', '/api/products', { expected: 201, headers: admin, json })
    products.push((JSON.parse(created.body) as { product: { id: number } }).product.id)
  }
  const add = (n: number) => addCustomer(ask, n, products)
  const customers = await pMap(Array.from({ length: CUSTOMERS }).keys(), add, { concurrency: 2 })
  return { admin, customers, login: { email: emailOf(0), password: PASSWORD }, products }
}

const emailOf = (n: number) => `customer-${n}@bench.example`

/** A customer with a paid order. */
async function addCustomer(ask: Ask, n: number, products: number[]): Promise<Record<string, string>> {
  const json = { email: emailOf(n), password: PASSWORD }
  await ask('POST', '/api/users/register', { expected: 201, json })
  const headers = await signIn(ask, json.email)
  const items = [{ product_id: products[n % products.length], quantity: 1 }]
  const placed = await ask('POST', '/api/orders', { expected: 201, headers, json: { items } })
  const { id: order_id } = (JSON.parse(placed.body) as { order: { id: string } }).order
  const payment = { order_id, payment_method: 'pm_card_visa' }
  await ask('POST', '/api/payments', { expected: 201, headers, json: payment })
  return headers
}

async function fillCatalogue(client: pg.Client): Promise<void> {
  await client.query(`
    with made as (
      insert into catalog.products (name, slug, description, created_at, updated_at)
      select 'Product ' || n, 'product-' || n, 'Number ' || n || ' of many, made of ' || md5(n::text), now() - n * interval '1 second', now()
      from generate_series(1, ${CATALOGUE}) n returning id, created_at),
    groups as (
      insert into catalog.categories (id, name, name_key, slug, position, path, created_at, updated_at)
      select id, name, name, name, id, array[id], now(), now()
      from (select nextval('catalog.categories_id_seq') as id, 'category-' || n as name from generate_series(0, 49) n) numbered
      returning id, name),
    listed as (
      insert into catalog.product_categories (product_id, category_id, position, created_at)
      select made.id, groups.id, 0, made.created_at from made join groups on groups.name = 'category-' || made.id % 50)
    insert into catalog.variants (product_id, price, currency, opening_stock, available, stock_sequence)
    select id, 100 + id % 5000, 'USD', 10, 10, 0 from made`)
  await client.query(
    'vacuum analyze catalog.products, catalog.variants, catalog.categories, catalog.product_categories',
  )
}

async function addAdmin(client: pg.Client): Promise<void> {
  const hash = hashPassword(await loadArgon2id(), PASSWORD)
  await client.query(
    `insert into users.users (id, email, email_key, role, password_hash, created_at, updated_at)
     values ('user_01jd4k2v9rf0fv8z3x1m5q7w2e', 'admin@bench.example', 'admin@bench.example', 'admin', $1, now(), now())`,
    [hash],
  )
}

async function signIn(ask: Ask, email: string): Promise<Record<string, string>> {
  const answer = await ask('POST', '/api/users/login', { expected: 200, json: { email, password: PASSWORD } })
  const { token } = JSON.parse(answer.body) as { token: string }
  return { authorization: `Bearer ${token}` }
}
