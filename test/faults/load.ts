import type { Reply } from '@shop/testing/client'
import type { ProductBody } from '@shop/testing/product-body'
import type { Account, Shop } from '@shop/testing/shop'

/** One answer, or the error instead of one, and when its request was sent. */
export type Answer = { call: string; sentAt: number; ms: number; status: number; retryAfter: number; code: string }

/** What the shop has confirmed, and so has to keep. */
export type Acknowledged = {
  orders: { account: Account; id: string }[]
  /** Orders whose payment succeeded. */
  payments: { account: Account; id: string }[]
  /** Orders whose refund of so much was accepted. */
  refunds: { account: Account; id: string; amount: number }[]
  cancellations: { account: Account; id: string }[]
}

export type Load = {
  answers: Answer[]
  acknowledged: Acknowledged
  /** Stops sending and waits for what is under way. */
  stop(): Promise<void>
}

export type Buyers = { shop: Shop; admins: Account[]; customers: Account[]; product: ProductBody }

/** Sequences begin at this rate whatever the shop answers, as clients do that know nothing of each other. */
const EVERY_MS = 200
const PRICE = 12.5
const REFUND = 5

/**
 * Sends orders, payments, refunds, cancellations and reads at a constant rate. A client whose request fails gives up: what
 * the shop has confirmed until then must hold.
 */
export function startLoad({ shop, admins, customers, product }: Buyers): Load {
  const answers: Answer[] = []
  const acknowledged: Acknowledged = { orders: [], payments: [], refunds: [], cancellations: [] }

  const timed = async (call: string, send: () => Promise<Reply>): Promise<Reply | undefined> => {
    const sentAt = performance.now()
    const [reply, error] = await send().then(
      (reply) => [reply, undefined] as const,
      (error: unknown) => [undefined, String(error)] as const,
    )
    answers.push({
      call,
      sentAt,
      ms: performance.now() - sentAt,
      status: reply?.status ?? 0,
      retryAfter: Number(reply?.headers.get('retry-after') ?? 0),
      code: reply?.body.code ?? error ?? '',
    })
    return reply
  }

  const keyed = (token: string, body: unknown) => ({
    token,
    body,
    headers: { 'idempotency-key': crypto.randomUUID() },
  })

  const purchase = async (number: number): Promise<void> => {
    const account = customers[number % customers.length] as Account
    const admin = admins[number % admins.length] as Account
    const { token } = account
    const items = [{ product_id: product.id, quantity: 1 }]
    const placed = await timed('order', () => shop.request('POST', '/api/orders', keyed(token, { items })))
    if (placed?.status !== 201) return
    const { id } = placed.body.order
    acknowledged.orders.push({ account, id })
    if (number % 5 === 4) {
      const body = { status: 'cancelled' }
      const path = `/api/orders/${id}/status`
      const cancelled = await timed('cancel', () => shop.request('PATCH', path, { token, body }))
      if (cancelled?.status === 200) acknowledged.cancellations.push({ account, id })
      return
    }
    const body = { order_id: id, payment_method: 'pm_card_visa' }
    const paid = await timed('pay', () => shop.request('POST', '/api/payments', keyed(token, body)))
    if (paid?.status !== 201 || paid.body.payment.status !== 'succeeded') return
    acknowledged.payments.push({ account, id })
    if (number % 5 !== 3) return
    const path = `/api/payments/${paid.body.payment.id}/refund`
    const amount = { amount: REFUND }
    const refunded = await timed('refund', () => shop.request('POST', path, keyed(admin.token, amount)))
    if (refunded?.status === 201) acknowledged.refunds.push({ account, id, amount: REFUND })
  }

  const read = async (number: number): Promise<void> => {
    const account = customers[number % customers.length] as Account
    const admin = admins[number % admins.length] as Account
    const path = `/api/products/${product.id}`
    await Promise.all([
      timed('profile', () => shop.request('GET', '/api/users/profile', { token: account.token })),
      // Staff bypass the caches.
      timed('products', () => shop.request('GET', '/api/products?limit=1', { token: admin.token })),
      timed('orders', () => shop.request('GET', '/api/orders?limit=1', { token: account.token })),
      timed('update', () => shop.request('PUT', path, { token: admin.token, body: { name: `Mug ${number}` } })),
    ])
  }

  let number = 0
  const running: Promise<void>[] = []
  const timer = setInterval(() => {
    running.push(purchase(number), ...(number % 2 === 0 ? [read(number)] : []))
    number += 1
  }, EVERY_MS)
  return {
    answers,
    acknowledged,
    stop: async () => {
      clearInterval(timer)
      await Promise.all(running)
    },
  }
}

/** A product of which the load cannot buy all. */
export const STOCKED = { price: PRICE, stock_quantity: 100_000 }
