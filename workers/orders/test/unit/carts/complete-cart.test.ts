import { newId } from '@shop/http/ids'
import { ANONYMOUS, type Caller } from '@shop/kernel/caller'
import { currency } from '@shop/kernel/currencies'
import { fail, ok } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'
import { type CartOrder, type CompleteDeps, completeCart } from '../../../src/carts/complete-cart.ts'
import type { Cart } from '../../../src/carts/domain/cart.ts'
import type { Order } from '../../../src/orders/domain/order.ts'
import { aCart, anItem, GUEST } from '../../support/carts.ts'
import { anOrder } from '../../support/orders.ts'
import { OWNER, OWNER_ID, STRANGER } from '../../support/shop-with.ts'
import { NOW, testDeps } from '../../support/test-deps.ts'

const USD = currency('USD')
const seen = { total: 2_500, currency: USD, codes: ['WELCOME'] }
const TOTAL_CHANGED = fail({ code: 'order_total_too_large', maximum: 1, currency: 'USD' })

/** A shop with one cart. `orders` are those that were placed; `answer` decides about the next one. */
async function shopWithCart(over: Partial<Cart> = {}) {
  let now = NOW
  const { deps } = testDeps({ over: { now: () => now } })
  const cart = aCart({ items: [anItem({ quantity: 2 })], lastAnswer: seen, ...over })
  const owner = cart.userId === null ? GUEST : { ...GUEST, userId: cart.userId, hasToken: false }
  await deps.carts.create(cart.id, { cart, key: { key: 'made', requestHash: '' }, access: owner })
  const orders: Order[] = []
  const asked: CartOrder[] = []
  let answer: () => ReturnType<CompleteDeps['placeOrder']> | undefined = () => undefined
  const isStanding = ({ status }: Order) => status !== 'cancelled'
  const complete: CompleteDeps = {
    ...deps,
    orders: {
      ...deps.orders,
      find: async (id) => orders.find((order) => order.id === id),
      findOfCart: async () => orders.find(isStanding),
    },
    placeOrder: async (caller, request) => {
      asked.push(request)
      const refused = answer()
      if (refused !== undefined) return refused
      const userId = caller.kind === 'user' ? caller.userId : null
      const order = anOrder({ userId, email: userId === null ? 'guest@example.com' : null })
      orders.push(order)
      return ok({ order, orderToken: userId === null ? await deps.tokens.of(order.id) : null, replayed: false })
    },
  }
  const send = async (caller: Caller = ANONYMOUS, more: { idempotencyKey?: string; expectedTotal?: number } = {}) =>
    completeCart(complete, {
      ...{ cartId: cart.id, caller, cartToken: await deps.cartTokens.of(cart.id) },
      ...{ versions: undefined, address: '10.0.0.1' },
      ...more,
    })
  return {
    ...{ cart, orders, asked, send },
    answerNext: (next: typeof answer) => {
      answer = next
    },
    cancel: () => {
      orders.splice(0, orders.length, ...orders.map((order): Order => ({ ...order, status: 'cancelled' })))
    },
    passSeconds: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1_000)
    },
    statusOf: async () => {
      const found = await deps.carts.read(cart.id, { access: { ...GUEST, isStaff: true } })
      return found.ok ? found.value.cart.status : 'gone'
    },
  }
}

describe('completing a cart', () => {
  it('places an order of everything in it, as the buyer saw it', async () => {
    const address = { line1: '1 Main St', city: 'Springfield', country: 'US' }
    const entered = { email: 'guest@example.com', codes: ['WELCOME'], shippingAddress: address, note: 'Ring twice' }
    const { cart, asked, orders, send, statusOf } = await shopWithCart(entered)
    const completed = await send()
    expect(asked).toEqual([
      {
        ...{ cartId: cart.id, items: [{ variantId: 11, quantity: 2 }], currency: 'USD', address: '10.0.0.1' },
        ...{ ...entered, billingAddress: null, shippingOptionId: null, vatId: null },
        ...{ expectedTotal: 2_500, expectedCodes: ['WELCOME'] },
      },
    ])
    expect(completed).toMatchObject({ ok: true, value: { order: { id: orders[0]?.id }, replayed: false } })
    expect(await statusOf()).toBe('completed')
  })

  it('goes by the total that the buyer names', async () => {
    const { asked, send } = await shopWithCart()
    await send(ANONYMOUS, { expectedTotal: 19.99 })
    expect(asked).toMatchObject([{ expectedTotal: 1_999, expectedCodes: undefined }])
  })

  it('refuses a total that is finer than the currency allows, and opens the cart again', async () => {
    const { asked, send, statusOf } = await shopWithCart()
    const refused = await send(ANONYMOUS, { expectedTotal: 19.999 })
    expect(refused).toEqual({ ok: false, failure: { code: 'invalid_amount', reason: 'too_fine' } })
    expect([asked, await statusOf()]).toEqual([[], 'open'])
  })

  it('makes one order, however often and by whomever it is called', async () => {
    const { orders, send } = await shopWithCart()
    const first = await send(ANONYMOUS, { idempotencyKey: 'a' })
    for (const more of [{ idempotencyKey: 'a' }, { idempotencyKey: 'b' }, {}]) {
      const again = await send(ANONYMOUS, more)
      expect(again).toEqual({ ok: true, value: { ...(first.ok ? first.value : {}), replayed: true } })
    }
    expect(orders).toHaveLength(1)
  })

  it('refuses another request with the same key', async () => {
    const { send } = await shopWithCart()
    await send(ANONYMOUS, { idempotencyKey: 'a' })
    const refused = await send(ANONYMOUS, { idempotencyKey: 'a', expectedTotal: 1 })
    expect(refused).toEqual({ ok: false, failure: { code: 'idempotency_key_reused' } })
  })

  it('gives the order of an account to that account only, whoever has the token of the cart', async () => {
    const { send } = await shopWithCart()
    expect(await send(OWNER)).toMatchObject({ ok: true, value: { order: { userId: OWNER_ID }, orderToken: null } })
    expect(await send(OWNER)).toMatchObject({ ok: true, value: { replayed: true } })
    for (const caller of [ANONYMOUS, STRANGER]) {
      expect(await send(caller)).toEqual({ ok: false, failure: { code: 'cart_not_found' } })
    }
  })
})

describe('an attempt that is refused', () => {
  it('opens the cart again, and is not kept under its key', async () => {
    const { orders, answerNext, send, statusOf } = await shopWithCart()
    answerNext(async () => TOTAL_CHANGED)
    expect(await send(ANONYMOUS, { idempotencyKey: 'a' })).toEqual(TOTAL_CHANGED)
    expect(await statusOf()).toBe('open')
    answerNext(() => undefined)
    expect(await send(ANONYMOUS, { idempotencyKey: 'a' })).toMatchObject({ ok: true, value: { replayed: false } })
    expect(orders).toHaveLength(1)
  })
})

describe('an attempt without an outcome', () => {
  const lost = async () => Promise.reject(new Error('connection lost'))

  it('makes the next ones wait, until one settles it with the order that it has placed after all', async () => {
    const { orders, answerNext, passSeconds, send, statusOf } = await shopWithCart()
    answerNext(lost)
    await expect(send()).rejects.toThrow('connection lost')
    expect(await statusOf()).toBe('completing')
    expect(await send()).toEqual({ ok: false, failure: { code: 'cart_completing' } })
    orders.push(anOrder({ userId: null, email: 'guest@example.com' }))
    passSeconds(60)
    expect(await send()).toMatchObject({ ok: true, value: { order: { id: orders[0]?.id }, replayed: true } })
    expect([orders.length, await statusOf()]).toEqual([1, 'completed'])
  })

  it('is repeated where it has placed none', async () => {
    const { orders, answerNext, passSeconds, send } = await shopWithCart()
    answerNext(lost)
    await expect(send()).rejects.toThrow('connection lost')
    answerNext(() => undefined)
    passSeconds(60)
    expect(await send()).toMatchObject({ ok: true, value: { replayed: false } })
    expect(orders).toHaveLength(1)
  })
})

describe('a cart whose order was cancelled unpaid', () => {
  it('makes another order under a new key only', async () => {
    const { orders, cancel, send } = await shopWithCart()
    const first = await send(ANONYMOUS, { idempotencyKey: 'a' })
    cancel()
    const id = first.ok ? first.value.order.id : newId('order')
    for (const more of [{ idempotencyKey: 'a' }, {}]) {
      expect(await send(ANONYMOUS, more)).toMatchObject({
        value: { order: { id, status: 'cancelled' }, replayed: true },
      })
    }
    const second = await send(ANONYMOUS, { idempotencyKey: 'b' })
    expect(second).toMatchObject({ ok: true, value: { replayed: false } })
    expect(orders.map(({ status }) => status)).toEqual(['cancelled', 'pending'])
    expect(await send(ANONYMOUS, { idempotencyKey: 'a' })).toMatchObject({ value: { order: { id }, replayed: true } })
  })
})
