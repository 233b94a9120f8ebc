import { newId } from '@shop/http/ids'
import { ANONYMOUS, type Caller } from '@shop/kernel/caller'
import { currency } from '@shop/kernel/currencies'
import type { OrderId } from '@shop/kernel/ids'
import { describe, expect, it } from 'vitest'
import { completeCart } from '../../../src/carts/complete-cart.ts'
import type { Cart } from '../../../src/carts/domain/cart.ts'
import { getCart } from '../../../src/carts/get-cart.ts'
import type { OrdersDeps } from '../../../src/deps.ts'
import { aCart, anItem, GUEST } from '../../support/carts.ts'
import { changing } from '../../support/orders.ts'
import { OWNER, OWNER_ID, STRANGER } from '../../support/shop-with.ts'
import { NOW, testDeps } from '../../support/test-deps.ts'

const USD = currency('USD')
const seen = { total: 2_000, currency: USD, codes: [] }

/** A shop with one cart of a guest, of two units for 10.00 each. `ordersNow` are those that were made of it. */
async function shopWithCart(over: Partial<Cart> = {}) {
  let now = NOW
  const memory = testDeps({ over: { now: () => now } })
  const { insert } = memory.deps.orders
  const ids: OrderId[] = []
  let write: typeof insert = insert
  const deps: OrdersDeps = {
    ...memory.deps,
    orders: {
      ...memory.deps.orders,
      insert: (placed, placement) => {
        ids.push(placed.order.id)
        return write(placed, placement)
      },
    },
  }
  const ordersNow = () => ids.flatMap((id) => memory.find(id) ?? [])
  const entered = { email: 'guest@example.com', items: [anItem({ quantity: 2 })], lastAnswer: seen }
  const cart = aCart({ ...entered, ...over })
  await deps.carts.create(cart.id, { cart, key: { key: 'made', requestHash: '' }, access: GUEST })
  const send = async (caller: Caller = ANONYMOUS, more: { idempotencyKey?: string; expectedTotal?: number } = {}) =>
    completeCart(deps, {
      ...{ cartId: cart.id, caller, cartToken: await deps.cartTokens.of(cart.id) },
      ...{ versions: undefined, address: '10.0.0.1' },
      ...more,
    })
  return {
    ...{ cart, send, ordersNow },
    /** Loses the next order that is written. @returns what writes it after all */
    loseNext: () => {
      let late = async () => {}
      write = async (...order) => {
        write = insert
        late = async () => void (await insert(...order))
        throw new Error('connection lost')
      }
      return () => late()
    },
    cancel: async () => {
      for (const order of ordersNow()) {
        const to = { status: 'cancelled', cancelReason: 'expired' } as const
        await deps.orders.saveChange(changing(order, to, { type: 'cancelled' }))
      }
    },
    passSeconds: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1_000)
    },
    /** The status as its guest is answered. */
    show: async () => {
      const shown = await getCart(deps, {
        ...{ cartId: cart.id, caller: ANONYMOUS, cartToken: await deps.cartTokens.of(cart.id) },
      })
      return shown.ok ? shown.value.cart.status : shown.failure.code
    },
    read: async () => {
      const found = await deps.carts.read(cart.id, { access: GUEST })
      if (!found.ok) throw new Error(found.failure.code)
      return found.value.cart
    },
  }
}

describe('completing a cart', () => {
  it('places an order of everything in it', async () => {
    const address = { line1: '1 Main St', city: 'Springfield', country: 'US' }
    const entered = {
      email: 'guest@example.com',
      shippingAddress: address,
      billingAddress: address,
      note: 'Ring twice',
    }
    const { cart, ordersNow, send, read } = await shopWithCart(entered)
    const completed = await send()
    expect(completed).toMatchObject({ ok: true, value: { replayed: false, order: { cartId: cart.id, ...entered } } })
    expect(ordersNow()).toMatchObject([{ lines: [{ variantId: 11, quantity: 2 }], total: 2_000 }])
    expect(await read()).toMatchObject({ status: 'completed', orderId: ordersNow()[0]?.id })
  })

  it('needs the total that the buyer saw last, and then the one that it has told', async () => {
    const { ordersNow, send, read } = await shopWithCart({ lastAnswer: { ...seen, total: 1_999 } })
    const changed = { code: 'total_changed', totalAmount: 20, codes: [] }
    expect(await send()).toMatchObject({ ok: false, failure: changed })
    expect(await read()).toMatchObject({ status: 'open', lastAnswer: { total: 2_000, currency: 'USD', codes: [] } })
    expect(await send()).toMatchObject({ ok: true })
    expect(ordersNow()).toHaveLength(1)
  })

  it('needs the codes that the buyer saw last', async () => {
    const { send } = await shopWithCart({ lastAnswer: { ...seen, codes: ['WELCOME'] } })
    expect(await send()).toMatchObject({ ok: false, failure: { code: 'total_changed', totalAmount: 20, codes: [] } })
  })

  it('accepts a code that gives nothing, if the buyer has seen that', async () => {
    const { send } = await shopWithCart({ codes: ['WELCOME'] })
    expect(await send()).toMatchObject({ ok: true })
  })

  it('goes by the total that the buyer names', async () => {
    const { send } = await shopWithCart({ lastAnswer: { ...seen, total: 1_999 } })
    expect(await send(ANONYMOUS, { expectedTotal: 19.99 })).toMatchObject({ failure: { code: 'total_changed' } })
    expect(await send(ANONYMOUS, { expectedTotal: 20 })).toMatchObject({ ok: true })
  })

  it('makes one order, however often and by whomever it is called', async () => {
    const { ordersNow, send } = await shopWithCart()
    const first = await send(ANONYMOUS, { idempotencyKey: 'a' })
    for (const more of [{ idempotencyKey: 'a' }, { idempotencyKey: 'b' }, {}]) {
      const again = await send(ANONYMOUS, more)
      expect(again).toEqual({ ok: true, value: { ...(first.ok ? first.value : {}), replayed: true } })
    }
    expect(ordersNow()).toHaveLength(1)
  })

  it('refuses another request with the same key', async () => {
    const { send } = await shopWithCart()
    await send(ANONYMOUS, { idempotencyKey: 'a' })
    const refused = await send(ANONYMOUS, { idempotencyKey: 'a', expectedTotal: 1 })
    expect(refused).toEqual({ ok: false, failure: { code: 'idempotency_key_reused' } })
  })

  it('answers the order of an account to that account only: the token of its cart does not open it', async () => {
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
    const { send, read } = await shopWithCart({ email: null })
    expect(await send(ANONYMOUS, { idempotencyKey: 'a' })).toMatchObject({
      failure: { code: 'authentication_required' },
    })
    expect(await read()).toMatchObject({ status: 'open', version: 1 })
    expect(await send(OWNER, { idempotencyKey: 'a' })).toMatchObject({ ok: true, value: { replayed: false } })
  })
})

describe('an attempt without an outcome', () => {
  it('makes the next ones wait, until one settles it with the order that it has placed after all', async () => {
    const { ordersNow, loseNext, passSeconds, send, read } = await shopWithCart()
    const appear = loseNext()
    await expect(send()).rejects.toThrow('connection lost')
    expect((await read()).status).toBe('completing')
    expect(await send()).toEqual({ ok: false, failure: { code: 'cart_completing' } })
    await appear()
    passSeconds(60)
    expect(await send()).toMatchObject({ ok: true, value: { order: { id: ordersNow()[0]?.id }, replayed: true } })
    expect([ordersNow().length, (await read()).status]).toEqual([1, 'completed'])
  })

  it.each([true, false])('is settled by the next use of the cart a minute later (placed: %s)', async (isPlaced) => {
    const { loseNext, passSeconds, send, show } = await shopWithCart()
    const appear = loseNext()
    await expect(send()).rejects.toThrow('connection lost')
    if (isPlaced) await appear()
    expect(await show()).toBe('completing')
    passSeconds(60)
    expect(await show()).toBe(isPlaced ? 'completed' : 'open')
  })

  it('is repeated where it has placed none', async () => {
    const { ordersNow, loseNext, passSeconds, send } = await shopWithCart()
    loseNext()
    await expect(send()).rejects.toThrow('connection lost')
    passSeconds(60)
    expect(await send()).toMatchObject({ ok: true, value: { replayed: false } })
    expect(ordersNow()).toHaveLength(1)
  })
})

describe('a cart whose order was cancelled unpaid', () => {
  it('makes another order, and answers the cancelled one to its own key only', async () => {
    const { ordersNow, cancel, send } = await shopWithCart()
    const first = await send(ANONYMOUS, { idempotencyKey: 'a' })
    await cancel()
    const id = first.ok ? first.value.order.id : newId('order')
    const known = { value: { order: { id, status: 'cancelled' }, replayed: true } }
    expect(await send(ANONYMOUS, { idempotencyKey: 'a' })).toMatchObject(known)
    const second = await send(ANONYMOUS, {})
    expect(second).toMatchObject({ ok: true, value: { replayed: false, order: { status: 'pending' } } })
    expect(await send(ANONYMOUS, { idempotencyKey: 'a' })).toMatchObject(known)
    expect(ordersNow().map(({ status }) => status)).toEqual(['cancelled', 'pending'])
    expect(await send(ANONYMOUS, { idempotencyKey: 'a' })).toMatchObject({ value: { order: { id }, replayed: true } })
  })
})
