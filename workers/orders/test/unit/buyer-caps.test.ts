import { newId } from '@shop/http/ids'
import { ANONYMOUS, type Caller } from '@shop/kernel/caller'
import { ok } from '@shop/kernel/result'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countersOf } from '../../src/buyers/counters-of.ts'
import { type BuyerCounter, checkCaps, refusal } from '../../src/buyers/domain/caps.ts'
import { changeOrderStatus } from '../../src/orders/change-order-status.ts'
import type { OrderRequest } from '../../src/orders/domain/order-request.ts'
import { placeOrder } from '../../src/orders/place-order.ts'
import { receiveEvents } from '../../src/payment-events/receive-events.ts'
import { paymentEvent } from '../support/payments-events.ts'
import { anOrderRequest } from '../support/purchases.ts'
import { NOW, quoteOf, testDeps } from '../support/test-deps.ts'

const aCustomer = (): Caller => ({ kind: 'user', userId: newId('user'), role: 'customer' })
const staff: Caller = { kind: 'user', userId: newId('user'), role: 'admin' }

/** A shop, and the outcome of placing an order of `quantity` units: its id, or the code of the refusal. */
function shop(options: Parameters<typeof testDeps>[0] = {}) {
  const made = testDeps(options)
  const place = async (caller: Caller, over: Partial<OrderRequest> & { quantity?: number } = {}) => {
    const { quantity = 1, ...request } = over
    const items = [{ productId: 1, quantity }]
    const placed = await placeOrder(made.deps, caller, anOrderRequest({ items, ...request }))
    return placed.ok ? placed.value.order : placed.failure
  }
  const guest = (over: Parameters<typeof place>[1] = {}) => place(ANONYMOUS, { email: 'guest@example.com', ...over })
  return { ...made, place, guest }
}

const placed = { status: 'pending' }
const tooManyOrders = (maximum: number) => ({ code: 'too_many_open_orders', maximum })
const tooManyUnits = (maximum: number, per = 'buyer') => ({ code: 'too_many_units_held', maximum, per })

describe('a guest', () => {
  it('has three unpaid orders and a hundred units in them, however the address is spelled and wherever it is used', async () => {
    const { guest } = shop()
    for (const email of ['guest@example.com', 'Guest@Example.com', 'GUEST@example.com']) {
      expect(await guest({ email, address: `10.0.0.${email.charCodeAt(0)}` })).toMatchObject(placed)
    }
    expect(await guest({ address: '10.9.9.9' })).toEqual(tooManyOrders(3))
    expect(await guest({ email: 'other@example.com' })).toMatchObject(placed)
    const second = shop()
    expect(await second.guest({ quantity: 60 })).toMatchObject(placed)
    expect(await second.guest({ quantity: 41 })).toEqual(tooManyUnits(100))
    expect(await second.guest({ quantity: 40 })).toMatchObject(placed)
  })

  it('shares five hundred units with all other guests at the same address', async () => {
    const { guest } = shop()
    for (let n = 0; n < 5; n += 1) {
      expect(await guest({ email: `guest-${n}@example.com`, quantity: 100 })).toMatchObject(placed)
    }
    expect(await guest({ email: 'late@example.com' })).toEqual(tooManyUnits(500, 'address'))
    expect(await guest({ email: 'late@example.com', address: '10.0.0.2' })).toMatchObject(placed)
  })

  it('has less time to pay than a customer', async () => {
    const { place, guest } = shop()
    expect(await guest()).toMatchObject({ expiresAt: new Date(NOW.getTime() + 600_000) })
    expect(await place(aCustomer())).toMatchObject({ expiresAt: new Date(NOW.getTime() + 900_000) })
  })
})

describe('a customer', () => {
  it('has ten unpaid orders, from whatever address', async () => {
    const { place } = shop()
    const customer = aCustomer()
    for (let n = 0; n < 10; n += 1) expect(await place(customer, { address: `10.0.0.${n}` })).toMatchObject(placed)
    expect(await place(customer)).toEqual(tooManyOrders(10))
    expect(await place(aCustomer())).toMatchObject(placed)
  })

  it('who never paid counts at the address, one who has paid does not', async () => {
    const { place, guest, deps } = shop()
    const [known, unknown] = [aCustomer(), aCustomer()]
    const first = await place(known)
    if ('code' in first) throw new Error(first.code)
    await receiveEvents(deps, [paymentEvent('payment.captured', first, newId('payment'))])
    for (let n = 0; n < 4; n += 1) await guest({ email: `guest-${n}@example.com`, quantity: 100 })
    expect(await place(unknown, { quantity: 101 })).toEqual(tooManyUnits(500, 'address'))
    expect(await place(known, { quantity: 1_000 })).toMatchObject(placed)
    expect(await place(known)).toEqual(tooManyUnits(1_000))
  })

  it('may place the next order once one is paid or cancelled', async () => {
    const { place, deps } = shop()
    const customer = aCustomer()
    const orders = []
    for (let n = 0; n < 10; n += 1) orders.push(await place(customer))
    const [paid, cancelled] = orders
    if (paid === undefined || cancelled === undefined || 'code' in paid || 'code' in cancelled)
      throw new Error('refused')
    await receiveEvents(deps, [paymentEvent('payment.captured', paid, newId('payment'))])
    expect(await place(customer)).toMatchObject(placed)
    expect(await place(customer)).toEqual(tooManyOrders(10))
    await changeOrderStatus(deps, { orderId: cancelled.id, caller: customer, orderToken: null }, 'cancelled')
    expect(await place(customer)).toMatchObject(placed)
  })
})

describe('staff', () => {
  it('have no caps', async () => {
    const { place } = shop()
    for (let n = 0; n < 12; n += 1) expect(await place(staff, { quantity: 1_000 })).toMatchObject(placed)
  })
})

describe('an order beyond a cap', () => {
  it('is refused before anything is held, by its own units alone', async () => {
    const { place, guest, calls } = shop()
    expect(await guest({ quantity: 101 })).toEqual(tooManyUnits(100))
    expect(await place(aCustomer(), { quantity: 1_001 })).toEqual(tooManyUnits(1_000))
    expect(calls).toEqual([])
  })

  it.each([
    ['of a guest', ANONYMOUS, {}],
    ['with a key', aCustomer(), { idempotencyKey: 'key-1' }],
    ['of many units', aCustomer(), { quantity: 500 }],
  ] as const)('is refused before anything is held: %s', async (_, caller, over) => {
    const { place, calls } = shop({ over: { caps: oneOrder } })
    const email = caller.kind === 'anonymous' ? 'guest@example.com' : null
    expect(await place(caller, { email })).toMatchObject(placed)
    calls.length = 0
    expect(await place(caller, { email, ...over })).toEqual(tooManyOrders(1))
    expect(calls.filter((call) => call.startsWith('hold'))).toEqual([])
  })

  it('that another order has reached meanwhile is refused when it is written, and its holds are released', async () => {
    const { deps, place, calls } = shop({ over: { caps: oneOrder } })
    const customer = aCustomer()
    await place(customer)
    calls.length = 0
    const begin = deps.keys.begin
    deps.keys.begin = async (...args) => ({ ...(await begin(...args)), states: [] })
    expect(await place(customer)).toEqual(tooManyOrders(1))
    const [held = ''] = calls
    expect(calls).toEqual([held, 'insert', held.replace('hold', 'release')])
  })

  it('that was placed is still answered again for its key', async () => {
    const { place } = shop({ over: { caps: oneOrder } })
    const customer = aCustomer()
    const first = await place(customer, { idempotencyKey: 'key-1' })
    expect(await place(customer, { idempotencyKey: 'key-1' })).toEqual(first)
    expect(await place(customer, { idempotencyKey: 'key-2' })).toEqual(tooManyOrders(1))
  })

  it('and free is bound by its own units only, since it holds nothing', async () => {
    const { guest } = shop({ catalog: { quote: async () => ok([quoteOf(1, { price: 0 })]) } })
    for (let n = 0; n < 5; n += 1) expect(await guest({ quantity: 100 })).toMatchObject({ paymentStatus: 'paid' })
    expect(await guest({ quantity: 101 })).toEqual(tooManyUnits(100))
  })

  const oneOrder = {
    guest: { openOrders: 1, heldUnits: 1_000 },
    customer: { openOrders: 1, heldUnits: 1_000 },
    addressUnits: 10_000,
  }
})

describe('max_per_order', () => {
  it('limits the units of a product, its lines together, for everybody', async () => {
    const { place, calls } = shop({
      catalog: { quote: async ({ refs }) => ok(refs.map(() => quoteOf(1, { maxPerOrder: 5 }))) },
    })
    const lines = (...quantities: number[]) => ({ items: quantities.map((quantity) => ({ productId: 1, quantity })) })
    expect(await place(staff, lines(2, 3))).toMatchObject(placed)
    calls.length = 0
    expect(await place(staff, lines(2, 4))).toEqual({
      code: 'max_per_order_exceeded',
      productId: 1,
      name: 'Product 1',
      requested: 6,
      maximum: 5,
    })
    expect(calls).toEqual([])
  })
})

describe('the counters of a buyer', () => {
  const { deps } = testDeps()
  const of = (buyer: Parameters<typeof countersOf>[1], address = '10.0.0.1') => countersOf(deps, buyer, address)
  const guestWith = (email: string) => of({ actor: { kind: 'guest' }, userId: null, email })

  it('name no e-mail or network address', async () => {
    const keys = (await guestWith('ada@example.com')).map(({ key }) => key)
    for (const key of keys) expect(key).toMatch(/^(email|address):[0-9a-f]{64}$/)
  })

  it('are the same for every spelling of an e-mail address', async () => {
    expect(await guestWith('Jos\u00e9@example.com')).toEqual(await guestWith('jose\u0301@EXAMPLE.com'))
  })

  it('allow an order exactly when it leaves them within their caps', () => {
    const counter: BuyerCounter = { key: 'account:1', scope: 'account', maxOrders: 10, maxUnits: 1_000 }
    const counts = fc.record({
      openOrders: fc.nat(12),
      heldUnits: fc.nat(1_100),
      units: fc.integer({ min: 1, max: 1_100 }),
    })
    fc.assert(
      fc.property(counts, ({ openOrders, heldUnits, units }) => {
        const state = { key: counter.key, openOrders, heldUnits, hasPaid: false }
        const isWithin = openOrders + 1 <= 10 && heldUnits + units <= 1_000
        expect(checkCaps(units, [counter], [state]).ok).toBe(isWithin)
      }),
    )
  })
})

describe('the counters of a buyer', () => {
  it('are of the account, or of the e-mail address, and of the client address; none shows an address', async () => {
    const { deps } = testDeps()
    const userId = newId('user')
    const own = await countersOf(deps, { actor: { kind: 'customer', userId }, userId, email: null }, '10.0.0.1')
    const hashed = (scope: string) => expect.stringMatching(new RegExp(`^${scope}:[0-9a-f]{64}$`))
    const address = { key: hashed('address'), scope: 'address', maxOrders: null, maxUnits: 500 }
    expect(own).toEqual([{ key: `account:${userId}`, scope: 'account', maxOrders: 10, maxUnits: 1_000 }, address])
    const guests = await countersOf(deps, { actor: { kind: 'guest' }, userId: null, email: 'a@b.example' }, '10.0.0.1')
    expect(guests).toEqual([{ key: hashed('email'), scope: 'email', maxOrders: 3, maxUnits: 100 }, address])
  })

  it('name the cap that was broken, and cannot have broken one that they lack', () => {
    const account: BuyerCounter = { key: 'a', scope: 'account', maxOrders: 10, maxUnits: 1_000 }
    const address: BuyerCounter = { key: 'b', scope: 'address', maxOrders: null, maxUnits: 500 }
    const failureOf = (...args: Parameters<typeof refusal>) => refusal(...args).failure
    expect(failureOf('open_orders', [account, address])).toEqual(tooManyOrders(10))
    expect(failureOf('held_units', [account, address])).toEqual(tooManyUnits(1_000))
    expect(failureOf('address_units', [account, address])).toEqual(tooManyUnits(500, 'address'))
    expect(failureOf('open_orders', [{ ...account, maxOrders: null }])).toEqual(tooManyUnits(1_000))
    expect(() => refusal('address_units', [account])).toThrow(
      'The order was not counted in what it broke: address_units',
    )
  })
})

describe('an order that costs nothing', () => {
  it('is placed by a buyer whose unpaid orders leave no room, since it is not one of them', async () => {
    const { guest, deps } = shop()
    for (let n = 0; n < 3; n += 1) await guest({ quantity: 20 })
    expect(await guest()).toEqual(tooManyOrders(3))
    deps.catalog.quote = async ({ refs }) => ok(refs.map(() => quoteOf(1, { price: 0 })))
    expect(await guest({ quantity: 60 })).toMatchObject({ status: 'processing', total: 0 })
  })
})
