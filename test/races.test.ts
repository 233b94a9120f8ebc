import type { Fault } from '@shop/stripe-emulator'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { ProductBody } from '@shop/testing/product-body'
import type { Account } from '@shop/testing/shop'
import { intentsOf, moneyKept } from '@shop/testing/stripe-js'
import pMap from 'p-map'
import { describe, expect, it } from 'vitest'
import { QUICK_CHECKS, useFreshCustomer, useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform(QUICK_CHECKS)
useFreshCustomer(stage)

const all = <T>(count: number, make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)))

const countOf = (statuses: number[], status: number) => statuses.filter((one) => one === status).length

describe('many buyers at once', () => {
  it('get 50 orders out of 200 requests when there are 50 units, and the stock ends at zero', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { stock_quantity: 50 })
    // More at once would wait longer than the gateway allows on a slow machine, which is not what this is about.
    const buyers = Array.from({ length: 200 })
    const answers = await pMap(buyers, () => shop.placeOrder(customer, [[product, 1]]), { concurrency: 50 })
    const statuses = answers.map(({ status }) => status)
    expect([countOf(statuses, 201), countOf(statuses, 409)]).toEqual([50, 150])
    for (const { status, body } of answers) {
      if (status === 409) expect(body).toMatchObject({ code: 'out_of_stock', requested: 1, available: 0 })
    }
    expect(new Set(answers.flatMap(({ status, body }) => (status === 201 ? [body.order.id] : []))).size).toBe(50)
    await shop.stockBecomes(product.id, 0)
  })

  it('of the last item: one gets it, and nineteen get “out of stock”', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { stock_quantity: 1 })
    const answers = await all(20, () => shop.placeOrder(customer, [[product, 1]]))
    const statuses = answers.map(({ status }) => status)
    expect([countOf(statuses, 201), countOf(statuses, 409)]).toEqual([1, 19])
    await shop.stockBecomes(product.id, 0)
  })

  it('of two products, one of them short, leave nothing held of the other', async () => {
    const { shop, admin, customer } = stage
    const plenty = await shop.addProduct(admin, { stock_quantity: 20 })
    const short = await shop.addProduct(admin, { stock_quantity: 3 })
    const answers = await all(10, () =>
      shop.placeOrder(customer, [
        [plenty, 1],
        [short, 1],
      ]),
    )
    const bought = countOf(
      answers.map(({ status }) => status),
      201,
    )
    expect(bought).toBe(3)
    const rest = await shop.placeOrder(customer, [[plenty, 20 - bought]])
    expect(rest.status).toBe(201)
  })
})

describe('cancelling racing a payment', () => {
  const TOTAL = 2_500
  type Round = { customer: Account; product: ProductBody; order: OrderBody }

  async function race(index: number): Promise<Round> {
    const { shop, admin } = stage
    const customer = await shop.signUp()
    const product = await shop.addProduct(admin, { price: 12.5, stock_quantity: 5 })
    const { order } = (await shop.placeOrder(customer, [[product, 2]])).body
    const pay = () => shop.pay(customer, order, 'pm_card_visa')
    const cancel = () =>
      shop.request('PATCH', `/api/orders/${order.id}/status`, { token: customer.token, body: { status: 'cancelled' } })
    const answers = await Promise.all(index % 2 === 0 ? [pay(), cancel()] : [cancel(), pay()])
    for (const { status } of answers) expect([200, 201, 409, 503]).toContain(status)
    return { customer, product, order }
  }

  /** Describes a mismatch; undefined once the order, its money and its stock agree. */
  async function mismatchIn({ customer, product, order }: Round): Promise<string | undefined> {
    const { status, payment_status } = await stage.shop.getOrder(customer, order.id)
    const { stock_quantity: stock } = await stage.shop.getProduct(product.id)
    const kept = moneyKept(stage.platform.stripe, order)
    const open = intentsOf(stage.platform.stripe, order).filter(
      (intent) => !['canceled', 'succeeded'].includes(intent.status),
    )
    const state = `${status}/${payment_status}, ${kept} kept, ${stock} left, ${open.length} open`
    const isSold = state === `processing/paid, ${TOTAL} kept, 3 left, 0 open`
    const isCancelled = ['unpaid', 'refunded'].some((one) => state === `cancelled/${one}, 0 kept, 5 left, 0 open`)
    return isSold || isCancelled ? undefined : state
  }

  const DISTURBANCES: (Fault | undefined)[] = [
    undefined,
    { kind: 'delay', ms: 60, at: 'before', times: 100 },
    { kind: 'delay', ms: 120, at: 'after', times: 100 },
    { kind: 'cut_after', times: 100, match: { path: '/v1/payment_intents' } },
  ]

  it('ends with order, money and stock in agreement, even when Stripe is slow or its replies are lost', async () => {
    const rounds: Round[] = []
    for (const fault of DISTURBANCES) {
      if (fault !== undefined) stage.platform.stripe.faults.add(fault)
      rounds.push(...(await all(5, race)))
      stage.platform.stripe.faults.clear()
    }
    const look = async () => {
      await stage.platform.sweep()
      return Promise.all(rounds.map(mismatchIn))
    }
    await eventually(look, (mismatches) => mismatches.every((mismatch) => mismatch === undefined), 30_000)
  })
})

describe('an idempotency key', () => {
  const withKey = (key: string, token = stage.customer.token) => ({ token, headers: { 'idempotency-key': key } })

  it('makes one order of fifty requests at once: each answer is that order, or that it is in flight', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { stock_quantity: 10 })
    const key = crypto.randomUUID()
    const answers = await all(50, () => shop.placeOrder(customer, [[product, 2]], withKey(key)))
    const placed = answers.filter(({ status }) => status === 201)
    const ids = new Set(placed.map(({ body }) => body.order.id))
    expect(ids.size).toBe(1)
    expect(placed.filter(({ headers }) => headers.get('idempotency-replayed') !== 'true')).toHaveLength(1)
    for (const { status, body } of answers) {
      if (status !== 201) expect([status, body.code]).toEqual([409, 'idempotency_in_flight'])
    }
    const replay = await shop.placeOrder(customer, [[product, 2]], withKey(key))
    expect([replay.status, ids.has(replay.body.order.id)]).toEqual([201, true])
    expect(replay.headers.get('idempotency-replayed')).toBe('true')
    await shop.stockBecomes(product.id, 8)
  })

  it('belongs to its first request: another body is refused', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin)
    const key = crypto.randomUUID()
    expect((await shop.placeOrder(customer, [[product, 1]], withKey(key))).status).toBe(201)
    const other = await shop.placeOrder(customer, [[product, 2]], withKey(key))
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused'])
    await shop.stockBecomes(product.id, 9)
  })

  it('of one caller is separate from the same key of another', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin)
    const stranger = await shop.signUp()
    const key = crypto.randomUUID()
    const mine = await shop.placeOrder(customer, [[product, 1]], withKey(key))
    const theirs = await shop.placeOrder(stranger, [[product, 1]], withKey(key, stranger.token))
    expect([mine.status, theirs.status]).toEqual([201, 201])
    expect(theirs.body.order.id).not.toBe(mine.body.order.id)
    expect(theirs.body.order.user_id).toBe(stranger.user.id)
  })

  it('of a refused request may be used for the retry', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { stock_quantity: 1 })
    const key = crypto.randomUUID()
    expect((await shop.placeOrder(customer, [[product, 2]], withKey(key))).status).toBe(409)
    await shop.request('PUT', `/api/products/${product.id}`, { token: admin.token, body: { stock_quantity: 2 } })
    const retried = await shop.placeOrder(customer, [[product, 2]], withKey(key))
    expect([retried.status, retried.headers.get('idempotency-replayed')]).toEqual([201, null])
  })

  it('that is malformed is refused', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin)
    const refused = await shop.placeOrder(customer, [[product, 1]], withKey('k'.repeat(300)))
    expect([refused.status, refused.body.code]).toEqual([422, 'validation_failed'])
  })
})
