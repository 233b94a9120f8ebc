import { newId } from '@shop/http/ids'
import { ANONYMOUS, type Caller } from '@shop/kernel/caller'
import { encodeCursor } from '@shop/kernel/pagination'
import { ok } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import { describe, expect, it, vi } from 'vitest'
import { maySeeOrder } from '../../src/access/may-see-order.ts'
import { arePending } from '../../src/orders/are-pending.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { getOrder } from '../../src/orders/get-order.ts'
import { listOrderEvents } from '../../src/orders/list-order-events.ts'
import { type ListOrders, listOrders } from '../../src/orders/list-orders.ts'
import { payableOrder } from '../../src/orders/payable-order.ts'
import { anOrder, placing } from '../support/orders.ts'
import { NOW, testDeps } from '../support/test-deps.ts'

const userId = newId('user')
const owner: Caller = { kind: 'user', userId, role: 'customer' }
const stranger: Caller = { kind: 'user', userId: newId('user'), role: 'customer' }
const admin: Caller = { kind: 'user', userId: newId('user'), role: 'admin' }
const mine = anOrder({ userId, expiresAt: addSeconds(NOW, 900) })
const guests = anOrder({ userId: null, email: 'guest@example.com', expiresAt: addSeconds(NOW, 900) })
const { deps } = testDeps({ orders: [mine, guests] })
const tokenOf = (order: Order) => deps.tokens.of(order.id)

describe('an order', () => {
  const CASES: [string, Caller, Order, 'its token' | 'another token' | null, 'seen' | string][] = [
    ['its owner', owner, mine, null, 'seen'],
    ['staff', admin, mine, null, 'seen'],
    ['another customer', stranger, mine, null, 'order_not_found'],
    ['another customer with a token of it', stranger, mine, 'its token', 'order_not_found'],
    ['an anonymous caller', ANONYMOUS, mine, null, 'authentication_required'],
    ['a guest with a token of an account’s order', ANONYMOUS, mine, 'its token', 'order_not_found'],
    ['its guest', ANONYMOUS, guests, 'its token', 'seen'],
    ['its guest, who has signed in since', stranger, guests, 'its token', 'seen'],
    ['a guest with the token of another order', ANONYMOUS, guests, 'another token', 'order_not_found'],
    ['a customer without its token', stranger, guests, null, 'order_not_found'],
    ['an anonymous caller of a guest’s order', ANONYMOUS, guests, null, 'authentication_required'],
  ]

  it.each(CASES)('read by %s', async (_, caller, order, token, answer) => {
    const other = order === mine ? guests : mine
    const orderToken = token && (await tokenOf(token === 'its token' ? order : other))
    const access = { orderId: order.id, caller, orderToken }
    const refused = { ok: false, failure: { code: answer } }
    expect(await getOrder(deps, access)).toEqual(answer === 'seen' ? { ok: true, value: order } : refused)
    expect(await listOrderEvents(deps, access)).toEqual(
      answer === 'seen' ? { ok: true, value: { order, events: placing(order).events } } : refused,
    )
    expect(await maySeeOrder(deps, access)).toEqual({ ok: true, value: answer === 'seen' })
  })

  it.each(['order_1', 'nonsense', 'order_01jd4k2v9rf0fv8z3x1m5q7w2e'])('named %s does not exist', async (orderId) => {
    const access = { orderId, caller: admin, orderToken: null }
    expect(await getOrder(deps, access)).toEqual({ ok: false, failure: { code: 'order_not_found' } })
  })
})

describe('an order to pay', () => {
  const payable = (order: Order, caller: Caller = admin, now = NOW) =>
    payableOrder(
      { ...testDeps({ orders: [order] }).deps, now: () => now },
      { orderId: order.id, caller, orderToken: null },
    )

  it('has its id, the amount due and expiry', async () => {
    const { id: orderId, total: amountDue, currency, expiresAt } = mine
    expect(await payable(mine, owner)).toEqual({
      ok: true,
      value: { taxCalculationId: null, orderId, userId, chargeNo: 1, amountDue, currency, expiresAt },
    })
  })

  it('is refused once it has expired, is paid or is cancelled, and to other customers', async () => {
    expect(await payable(mine, admin, addSeconds(NOW, 900))).toMatchObject({ failure: { code: 'order_not_payable' } })
    expect(await payable({ ...mine, status: 'processing', chargedAmount: mine.total })).toMatchObject({
      failure: { code: 'order_already_paid' },
    })
    expect(await payable({ ...mine, status: 'cancelled' })).toMatchObject({ failure: { code: 'order_not_payable' } })
    expect(await payable(mine, stranger)).toMatchObject({ failure: { code: 'order_not_found' } })
  })

  it('is pending until it is paid or cancelled', async () => {
    const paid = anOrder({ status: 'processing' })
    const known = testDeps({ orders: [mine, paid] }).deps
    expect(await arePending(known, [mine.id, paid.id, newId('order')])).toEqual(
      ok([ok(true), ok(false), { ok: false, failure: { code: 'order_not_found' } }]),
    )
  })
})

describe('the list of orders', () => {
  const own = Array.from({ length: 5 }, (_, n) => anOrder({ userId, createdAt: addSeconds(NOW, n) }))
  const other = anOrder({ createdAt: addSeconds(NOW, 10), status: 'processing' })
  const shop = testDeps({ orders: [...own, other] }).deps
  const list = async (caller: Caller, query: ListOrders) => {
    const listed = await listOrders(shop, caller, query)
    return listed.ok ? { ids: listed.value.items.map(({ id }) => id), next: listed.value.nextCursor } : listed.failure
  }
  const newestFirst = own.map(({ id }) => id).reverse()

  it('has a customer’s own orders, page by page', async () => {
    const first = await list(owner, { scope: 'own', limit: 3 })
    if (!('ids' in first)) throw new Error(first.code)
    expect(first.ids).toEqual(newestFirst.slice(0, 3))
    const rest = await list(owner, { scope: 'own', limit: 3, cursor: first.next ?? '' })
    expect(rest).toEqual({ ids: newestFirst.slice(3), next: null })
  })

  it('has all orders for staff, or those of one status', async () => {
    expect(await list(admin, { scope: 'all' })).toEqual({ ids: [other.id, ...newestFirst], next: null })
    expect(await list(admin, { scope: 'all', status: 'processing' })).toEqual({ ids: [other.id], next: null })
    expect(await list(admin, { scope: 'own' })).toEqual({ ids: [], next: null })
  })

  it('of all that are to be shipped leaves out those refunded in full, which stay in the list of their customer', async () => {
    const refunded = anOrder({ userId, status: 'processing', paymentStatus: 'refunded' })
    const half = anOrder({
      userId,
      status: 'processing',
      paymentStatus: 'partially_refunded',
      createdAt: addSeconds(NOW, 5),
    })
    const { deps: those } = testDeps({ orders: [refunded, half] })
    const idsFor = async (caller: Caller, scope: ListOrders['scope']) => {
      const listed = await listOrders(those, caller, { scope, status: 'processing' })
      return listed.ok && listed.value.items.map(({ id }) => id)
    }
    expect(await idsFor(admin, 'all')).toEqual([half.id])
    expect(await idsFor(owner, 'own')).toEqual([half.id, refunded.id])
  })

  it('of all is for staff only, and no list is for anonymous callers', async () => {
    expect(await list(owner, { scope: 'all' })).toEqual({ code: 'forbidden' })
    for (const scope of ['all', 'own'] as const) {
      expect(await list(ANONYMOUS, { scope })).toEqual({ code: 'authentication_required' })
    }
  })

  it('refuses a cursor of another list', async () => {
    expect(await list(owner, { scope: 'own', cursor: btoa('["4","prod_1"]') })).toEqual({ code: 'invalid_cursor' })
  })
})

describe('the cursor of the list of orders', () => {
  const ID = 'order_01jd4k2v9rf0fv8z3x1m5q7w2e'

  it.each([
    ['2026-11-23T10:00:00.000Z', 'prod_1'],
    ['4', ID],
    ['2026-02-30T10:00:00.000Z', ID],
  ])('is a time and the id of an order, not %s and %s', async (sortKey, id) => {
    const cursor = encodeCursor({ sortKey, id })
    expect(await listOrders(deps, owner, { scope: 'own', cursor })).toEqual({
      ok: false,
      failure: { code: 'invalid_cursor' },
    })
    const good = encodeCursor({ sortKey: NOW.toISOString(), id: ID })
    expect(await listOrders(deps, owner, { scope: 'own', cursor: good })).toMatchObject({ value: { nextCursor: null } })
  })
})

describe('a list without a scope', () => {
  it('has everybody’s orders for staff who search, and else the caller’s own', async () => {
    const shop = testDeps().deps
    const asked = vi.spyOn(shop.orders, 'list')
    await listOrders(shop, admin, { email: 'ada@example.com' })
    await listOrders(shop, admin, { fulfillmentStatus: 'unfulfilled', status: 'processing' })
    await listOrders(shop, admin, { status: 'processing' })
    await listOrders(shop, admin, { scope: 'own', number: 1_001 })
    await listOrders(shop, owner, { number: 1_001, email: undefined })
    const [adminId, ownerId] = [admin, owner].map((caller) => caller.kind === 'user' && caller.userId)
    expect(asked.mock.calls.map(([{ of }]) => of)).toEqual(['all', 'all', adminId, adminId, ownerId])
  })
})

describe('the orders to be shipped', () => {
  it('are everybody’s processing ones', async () => {
    const shop = testDeps().deps
    const asked = vi.spyOn(shop.orders, 'list')
    await listOrders(shop, admin, { scope: 'all', status: 'processing' })
    await listOrders(shop, admin, { scope: 'all', status: 'shipped' })
    await listOrders(shop, admin, { scope: 'all' })
    await listOrders(shop, owner, { scope: 'own', status: 'processing' })
    expect(asked.mock.calls.map(([{ toShip }]) => toShip)).toEqual([true, false, false, false])
  })
})
