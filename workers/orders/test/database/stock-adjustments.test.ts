import { ok } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OrdersDeps, ordersRepositories } from '../../src/deps.ts'
import { changeOrder, SYSTEM } from '../../src/orders/change-order.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { step } from '../../src/orders/domain/steps.ts'
import type { StockAdjustment } from '../../src/stock/domain/stock-adjustment.ts'
import { anOrder, NOWHERE, placing } from '../support/orders.ts'
import { NOW, testDeps } from '../support/test-deps.ts'

let database: ServiceDatabase
let deps: OrdersDeps
beforeAll(async () => {
  database = await startDatabase()
  deps = testDeps({ over: ordersRepositories(database.as('orders')) }).deps
})
afterAll(() => database.stop())

const LATER = addSeconds(NOW, 120)
const adjustmentsOf = ({ id }: Order): StockAdjustment[] => [
  { key: `${id}:a`, variantId: 11, quantity: 2, kind: 'restock', reason: 'order edited' },
  { key: `${id}:b`, variantId: 12, quantity: 1, kind: 'write_off', reason: 'return received' },
]

async function placed(): Promise<Order> {
  const order = anOrder()
  await deps.orders.insert(placing(order), NOWHERE)
  return order
}

/** Changes the order so that it gives units back. */
const change = (order: Order, known?: Order) =>
  changeOrder(deps, { orderId: order.id, actor: SYSTEM, known }, () =>
    ok({ ...step('updated', {}), stockAdjustments: adjustmentsOf(order) }),
  )
const openOf = async (order: Order) => {
  const open = await deps.stockAdjustments.listOpen({ before: LATER, limit: 100 })
  return open.filter(({ orderId }) => orderId === order.id)
}

describe('an adjustment of the stock', () => {
  it('is written with the change of its order, and is open until it is done', async () => {
    const order = await placed()
    await change(order)
    const open = await openOf(order)
    const [restocked, writtenOff] = adjustmentsOf(order)
    expect(open).toMatchObject([
      { ...restocked, orderId: order.id, createdAt: NOW },
      { ...writtenOff, orderId: order.id },
    ])
    await deps.stockAdjustments.markDone([`${order.id}:a`], LATER)
    expect((await openOf(order)).map(({ key }) => key)).toEqual([`${order.id}:b`])
  })

  it('is not written by a change that lost to another one', async () => {
    const order = await placed()
    const [first, second] = [adjustmentsOf(order).slice(0, 1), adjustmentsOf(order).slice(1)]
    const save = (made: StockAdjustment[]) =>
      deps.orders.saveChange({
        order: { ...order, version: order.version + 1 },
        event: { orderId: order.id, seq: 2, type: 'updated', at: NOW, actor: SYSTEM, data: {} },
        stockAdjustments: made,
      })
    expect((await Promise.all([save(first), save(second)])).sort()).toEqual(['lost', 'saved'])
    expect(await openOf(order)).toHaveLength(1)
  })

  it('is listed after a position, oldest first', async () => {
    const orders = [await placed(), await placed()]
    for (const order of orders) await change(order)
    const [first, ...others] = await deps.stockAdjustments.listOpen({ before: LATER, limit: 100 })
    if (first === undefined) throw new Error('None is open')
    const after = { sortKey: first.createdAt.toISOString(), id: first.key }
    expect(await deps.stockAdjustments.listOpen({ before: LATER, after, limit: 100 })).toEqual(others)
  })
})
