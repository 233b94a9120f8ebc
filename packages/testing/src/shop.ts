import { sql } from 'drizzle-orm'
import { type Reply, type RequestOptions, type ShopClient, shopClient } from './client.ts'
import { eventually } from './eventually.ts'
import type { OrderBody } from './order-body.ts'
import type { Platform } from './platform.ts'
import type { ProductBody } from './product-body.ts'
import type { UserBody } from './session-body.ts'

export type Account = { email: string; password: string; token: string; refreshToken: string; user: UserBody }

/** The shop as tests use it: a checked client and the calls of a purchase, each with its own data. */
export type Shop = ShopClient & {
  signUp(): Promise<Account>
  signUpAdmin(): Promise<Account>
  addProduct(admin: Account, over?: Record<string, unknown>): Promise<ProductBody>
  getProduct(id: number): Promise<ProductBody>
  /** Waits until the product is listed with that many units; the rule is within 2 s. */
  stockBecomes(id: number, quantity: number): Promise<void>
  placeOrder(
    account: Account,
    items: [product: ProductBody, quantity: number][],
    options?: RequestOptions,
  ): Promise<Reply>
  pay(account: Account, order: OrderBody, method?: string): Promise<Reply>
  getOrder(account: Account, id: string): Promise<OrderBody>
  orderBecomes(account: Account, id: string, status: string, paymentStatus?: string): Promise<OrderBody>
}

export function shopOf(platform: Platform): Shop {
  const client = shopClient(platform.url)
  const { request } = client
  const getProduct = async (id: number) => (await request('GET', `/api/products/${id}`)).body.product
  const getOrder = async (account: Account, id: string) =>
    (await request('GET', `/api/orders/${id}`, { token: account.token })).body.order
  return {
    request,
    getProduct,
    getOrder,
    signUp: () => signUp(client),
    signUpAdmin: () => signUpAdmin(client, platform),
    addProduct: async (admin, over = {}) => {
      const body = { name: 'Mug', price: 12.5, stock_quantity: 10, ...over }
      return succeeded(await request('POST', '/api/products', { token: admin.token, body })).body.product
    },
    stockBecomes: async (id, quantity) => {
      await eventually(
        () => getProduct(id),
        (product) => product.stock_quantity === quantity,
        2_000,
      )
    },
    placeOrder: (account, items, options = {}) =>
      request('POST', '/api/orders', {
        token: account.token,
        body: { items: items.map(([product, quantity]) => ({ product_id: product.id, quantity })) },
        ...options,
      }),
    pay: (account, order, method) =>
      request('POST', '/api/payments', {
        token: account.token,
        body: { order_id: order.id, ...(method === undefined ? {} : { payment_method: method }) },
      }),
    orderBecomes: (account, id, status, paymentStatus) =>
      eventually(
        () => getOrder(account, id),
        (order) => order.status === status && (paymentStatus === undefined || order.payment_status === paymentStatus),
        4_000,
      ),
  }
}

async function signUp(client: ShopClient): Promise<Account> {
  const email = `${crypto.randomUUID()}@example.com`
  const password = 'a long enough passphrase'
  const { body } = succeeded(await client.request('POST', '/api/users/register', { body: { email, password } }))
  return { email, password, token: body.token, refreshToken: body.refresh_token, user: body.user }
}

async function signUpAdmin(client: ShopClient, platform: Platform): Promise<Account> {
  const account = await signUp(client)
  await platform.database.as('users').execute(sql`update users.users set role = 'admin' where id = ${account.user.id}`)
  // Not a sign-in, which would hash the password once more.
  const refresh = { body: { refresh_token: account.refreshToken } }
  const { body } = succeeded(await client.request('POST', '/api/users/refresh', refresh))
  return { ...account, token: body.token, refreshToken: body.refresh_token, user: body.user }
}

function succeeded(reply: Reply): Reply {
  if (reply.status < 300) return reply
  throw new Error(`Answered ${reply.status}: ${JSON.stringify(reply.body)}`)
}
