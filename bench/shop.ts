import { hashPassword } from '@shop/passwords'
import { loadArgon2id } from '@shop/passwords/node'
import { readToken, signToken } from '@shop/testing/tokens'
import pMap from 'p-map'
import pg from 'pg'
import { DECLARE_ATTRIBUTES, FILL_CATALOGUE, FILL_SEARCH } from './catalogue.ts'
import type { Ask } from './http.ts'

export type Shop = {
  admin: Record<string, string>
  /** Who have paid before. Each is one row that counts their unpaid orders. */
  customers: Record<string, string>[]
  login: { email: string; password: string }
  /** Products with more stock than a benchmark can sell. */
  products: number[]
  /** Where the shop delivers to, and a code that takes 10 % off. */
  address: object
  code: string
}

const ADDRESS = {
  ...{ name: 'Ada Lovelace', line1: '1 Main Street', city: 'Springfield' },
  ...{ region: 'IL', postal_code: '62701', country: 'US' },
}
const CODE = 'BENCH10'
const PASSWORD = 'a passphrase for benchmarks'
const STOCKED = 64
const CUSTOMERS = 64
const RUN_SECONDS = 24 * 3_600

type Access = { adminUrl: string; signingKeys: string }
/** Signs in. @returns the headers of further requests */
type SignIn = (email: string) => Promise<Record<string, string>>

/**
 * A catalogue of 100,000 products with 300,000 variants, and some that are sold, a customer and an admin.
 *
 * @param options.isSmall leaves out all products but those that are sold
 */
export async function openBenchShop(
  { adminUrl, signingKeys }: Access,
  ask: Ask,
  { isSmall = false } = {},
): Promise<Shop> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    if (!isSmall) await fillCatalogue(client)
    await addAdmin(client)
  } finally {
    await client.end()
  }
  const signIn: SignIn = async (email) => lastingly(signingKeys, await logIn(ask, email))
  const admin = await signIn('admin@bench.example')
  const products: number[] = []
  for (let n = 0; n < STOCKED; n += 1) {
    const json = { name: `Stocked product ${n}`, price: 12.5, stock_quantity: 1_000_000_000 }
    const created = await ask('POST', '/api/products', { expected: 201, headers: admin, json })
    products.push((JSON.parse(created.body) as { product: { id: number } }).product.id)
  }
  await addTerms(ask, admin)
  const add = (n: number) => addCustomer({ ask, signIn }, n, products)
  const customers = await pMap(Array.from({ length: CUSTOMERS }).keys(), add, { concurrency: 2 })
  return { admin, customers, login: { email: emailOf(0), password: PASSWORD }, products, address: ADDRESS, code: CODE }
}

/** Shipping, tax and a code, as a shop has them. */
async function addTerms(ask: Ask, headers: Record<string, string>): Promise<void> {
  const create = async (path: string, json: object) =>
    JSON.parse((await ask('POST', path, { expected: 201, headers, json })).body)
  const { zone } = await create('/api/shipping/zones', { name: 'United States', areas: [{ country: 'US' }] })
  const prices = [{ currency: 'USD', amount: 5.9 }]
  await create('/api/shipping/options', { zone_id: zone.id, name: 'Standard', pricing: 'flat', prices })
  await create('/api/tax/rates', { name: 'Sales tax', country: 'US', regions: ['IL'], rate: '0.0625' })
  await create('/api/promotions', { name: 'Bench', code: CODE, type: 'percentage', value: 10 })
}

const emailOf = (n: number) => `customer-${n}@bench.example`

/** A customer with a paid order. */
async function addCustomer(
  { ask, signIn }: { ask: Ask; signIn: SignIn },
  n: number,
  products: number[],
): Promise<Record<string, string>> {
  const json = { email: emailOf(n), password: PASSWORD }
  await ask('POST', '/api/users/register', { expected: 201, json })
  const headers = await signIn(json.email)
  const items = [{ product_id: products[n % products.length], quantity: 1 }]
  const placed = await ask('POST', '/api/orders', { expected: 201, headers, json: { items } })
  const { id: order_id } = (JSON.parse(placed.body) as { order: { id: string } }).order
  const payment = { order_id, payment_method: 'pm_card_visa' }
  await ask('POST', '/api/payments', { expected: 201, headers, json: payment })
  return headers
}

/** Without triggers, which would write each product's search row twice; then all of them at once. */
async function fillCatalogue(client: pg.Client): Promise<void> {
  await client.query('set session_replication_role = replica')
  await client.query(FILL_CATALOGUE)
  await client.query(DECLARE_ATTRIBUTES)
  await client.query('set session_replication_role = origin')
  await client.query(FILL_SEARCH)
  await client.query('vacuum analyze')
}

async function addAdmin(client: pg.Client): Promise<void> {
  const hash = hashPassword(await loadArgon2id(), PASSWORD)
  await client.query(
    `insert into users.users (id, email, email_key, role, password_hash, created_at, updated_at)
     values ('user_01jd4k2v9rf0fv8z3x1m5q7w2e', 'admin@bench.example', 'admin@bench.example', 'admin', $1, now(), now())`,
    [hash],
  )
}

async function logIn(ask: Ask, email: string): Promise<string> {
  const answer = await ask('POST', '/api/users/login', { expected: 200, json: { email, password: PASSWORD } })
  return (JSON.parse(answer.body) as { token: string }).token
}

/** The same token, valid for as long as a run takes. */
function lastingly(signingKeys: string, token: string): Record<string, string> {
  const { header, claims } = readToken(token)
  const lasting = signToken(signingKeys, header, { ...claims, exp: Math.floor(Date.now() / 1_000) + RUN_SECONDS })
  return { authorization: `Bearer ${lasting}` }
}
