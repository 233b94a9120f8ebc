import { ORDER_EVENT_TYPES } from '@shop/contracts/orders/states'
import { newId } from '@shop/http/ids'
import { ok } from '@shop/kernel/result'
import { describe, expect, it, vi } from 'vitest'
import { changeOrder, SYSTEM } from '../../src/orders/change-order.ts'
import { changeOrderStatus } from '../../src/orders/change-order-status.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { type Step, step, UNCHANGED } from '../../src/orders/domain/steps.ts'
import { anOrder } from '../support/orders.ts'
import { testDeps } from '../support/test-deps.ts'

const cancelling = step('cancelled', { status: 'cancelled', cancelReason: 'stock_gone' }, { reason: 'stock_gone' })
const change = (deps: ReturnType<typeof testDeps>['deps'], order: Order, made: Step, known?: Order) =>
  changeOrder(deps, { orderId: order.id, actor: SYSTEM, known }, () => ok(made))

describe('shipping an order while it is refunded', () => {
  const admin = { kind: 'user', userId: newId('user'), role: 'admin' } as const
  const paid = { status: 'processing', paymentStatus: 'paid', capturedAmount: 2_500, stockCommitted: true } as const
  const ship = (deps: ReturnType<typeof testDeps>['deps'], { id }: Order) =>
    changeOrderStatus(deps, { orderId: id, caller: admin, orderToken: null }, 'shipped')

  it('is refused when the refund was recorded after the order was read', async () => {
    const order = anOrder(paid)
    const refunded = { ...order, paymentStatus: 'refunded', refundedAmount: 2_500, version: 2 } as const
    const { deps, calls } = testDeps({ orders: [refunded] })
    const reads = [order, refunded]
    const find = async () => reads.shift()
    const refused = await ship({ ...deps, orders: { ...deps.orders, find } }, order)
    expect(refused).toEqual({ ok: false, failure: { code: 'order_refunded' } })
    expect(calls).toEqual([])
  })

  it('otherwise wakes payments, which capture an authorized order', async () => {
    const order = anOrder(paid)
    const { deps, calls } = testDeps({ orders: [order] })
    expect(await ship(deps, order)).toMatchObject({ ok: true })
    expect(calls).toEqual(['save shipped', 'wake'])
  })
})

describe('a change of an order', () => {
  it('is saved as the next version, with its actor in the history', async () => {
    const order = anOrder()
    const { deps, historyOf } = testDeps({ orders: [order] })
    expect(await change(deps, order, cancelling)).toMatchObject({ value: { status: 'cancelled', version: 2 } })
    expect(historyOf(order.id).at(-1)).toMatchObject({ seq: 2, type: 'cancelled', actor: { kind: 'system' } })
  })

  it('that is decided on a stale read is decided again on the new state', async () => {
    const stale = anOrder()
    const { deps, calls } = testDeps({ orders: [{ ...stale, version: 3 }] })
    const seen: number[] = []
    const target = { orderId: stale.id, actor: SYSTEM, known: stale }
    const changed = await changeOrder(deps, target, (order) => {
      seen.push(order.version)
      return ok(cancelling)
    })
    expect(changed).toMatchObject({ value: { version: 4 } })
    expect(seen).toEqual([1, 3])
    expect(calls).toEqual(['save cancelled', 'wake'])
  })

  it('that loses to other writers each time fails', async () => {
    const order = anOrder()
    const { deps } = testDeps({ orders: [order] })
    const saveChange = async () => 'lost' as const
    const lost = await change({ ...deps, orders: { ...deps.orders, saveChange } }, order, cancelling)
    expect(lost).toEqual({ ok: false, failure: { code: 'order_changed' } })
  })

  it('that was made before returns the order unchanged', async () => {
    const order = anOrder()
    const { deps, calls } = testDeps({ orders: [order] })
    expect(await change(deps, order, UNCHANGED)).toEqual(ok(order))
    expect(calls).toEqual([])
  })

  it('of an unknown order is refused', async () => {
    expect(await change(testDeps().deps, anOrder(), cancelling)).toMatchObject({ failure: { code: 'order_not_found' } })
  })

  it.each(ORDER_EVENT_TYPES)('notifies payments if they consume the event: %s', async (type) => {
    const order = anOrder()
    const { deps, calls } = testDeps({ orders: [order] })
    await change(deps, order, step(type, {}))
    expect(calls.includes('wake')).toBe(type === 'cancelled' || type === 'edited')
  })
})

describe('changing the status of an order', () => {
  const userId = newId('user')
  const owner = { kind: 'user', userId, role: 'customer' } as const
  const admin = { kind: 'user', userId: newId('user'), role: 'admin' } as const
  const sold = { status: 'processing', paymentStatus: 'paid', stockCommitted: true, chargedAmount: 2_500 } as const

  it('lets the owner cancel, with the same answer a second time', async () => {
    const order = anOrder({ userId })
    const { deps, calls } = testDeps({ orders: [order] })
    const access = { orderId: order.id, caller: owner, orderToken: null }
    const first = await changeOrderStatus(deps, access, 'cancelled')
    expect(first).toMatchObject({ value: { status: 'cancelled', cancelReason: 'cancelled_by_customer' } })
    expect(await changeOrderStatus(deps, access, 'cancelled')).toEqual(first)
    expect(calls).toEqual(['save cancelled', 'wake'])
  })

  it('lets a guest cancel with the token of the order', async () => {
    const order = anOrder({ userId: null, email: 'guest@example.com' })
    const { deps, historyOf } = testDeps({ orders: [order] })
    const orderToken = await deps.tokens.of(order.id)
    const access = { orderId: order.id, caller: { kind: 'anonymous' } as const, orderToken }
    expect(await changeOrderStatus(deps, access, 'cancelled')).toMatchObject({ value: { status: 'cancelled' } })
    expect(historyOf(order.id).at(-1)?.actor).toEqual({ kind: 'guest' })
  })

  it.each(['shipped', 'delivered'] as const)('to %s is forbidden to its owner', async (status) => {
    const order = anOrder({ userId, ...sold })
    const { deps } = testDeps({ orders: [order] })
    const access = { orderId: order.id, caller: owner, orderToken: null }
    expect(await changeOrderStatus(deps, access, status)).toEqual({ ok: false, failure: { code: 'forbidden' } })
  })

  it('lets staff ship, deliver or cancel', async () => {
    const [shipped, cancelled] = [anOrder(sold), anOrder(sold)]
    const { deps } = testDeps({ orders: [shipped, cancelled] })
    const as = (order: Order) => ({ orderId: order.id, caller: admin, orderToken: null })
    expect(await changeOrderStatus(deps, as(shipped), 'shipped')).toMatchObject({ value: { status: 'shipped' } })
    expect(await changeOrderStatus(deps, as(shipped), 'delivered')).toMatchObject({ value: { status: 'delivered' } })
    const refused = { code: 'order_status_conflict', from: 'delivered', to: 'cancelled' }
    expect(await changeOrderStatus(deps, as(shipped), 'cancelled')).toEqual({ ok: false, failure: refused })
    expect(await changeOrderStatus(deps, as(cancelled), 'cancelled')).toMatchObject({
      value: { cancelReason: 'cancelled_by_staff' },
    })
  })

  it('is refused when another writer changes the version that the caller has seen in the last moment', async () => {
    const order = anOrder({ userId })
    const { deps } = testDeps({ orders: [order] })
    const access = { orderId: order.id, caller: owner, orderToken: null }
    const find = async () => order
    await changeOrder(deps, { orderId: order.id, actor: SYSTEM }, () => ok(step('extended', {})))
    let reads = 0
    const stale = { ...deps.orders, find: (id: typeof order.id) => (reads++ === 0 ? find() : deps.orders.find(id)) }
    const refused = await changeOrderStatus({ ...deps, orders: stale }, access, 'cancelled', [1])
    expect(refused).toEqual({ ok: false, failure: { code: 'version_conflict' } })
    expect(await deps.orders.find(order.id)).toMatchObject({ status: 'pending', version: 2 })
  })

  it('of another customer’s order is not found', async () => {
    const order = anOrder()
    const { deps } = testDeps({ orders: [order] })
    const access = { orderId: order.id, caller: owner, orderToken: null }
    expect(await changeOrderStatus(deps, access, 'cancelled')).toMatchObject({ failure: { code: 'order_not_found' } })
  })
})

describe('a change that loses to other writers', () => {
  it('is decided four times, each time on the order as it is then', async () => {
    const order = anOrder()
    const { deps } = testDeps({ orders: [order] })
    const saveChange = vi.fn(async () => 'lost' as const)
    await change({ ...deps, orders: { ...deps.orders, saveChange } }, order, cancelling)
    expect(saveChange).toHaveBeenCalledTimes(4)
  })
})
