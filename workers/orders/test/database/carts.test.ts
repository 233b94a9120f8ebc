import type { Db } from '@shop/db/client'
import { eventLog } from '@shop/db/events/log'
import { ordersEvents } from '@shop/db/schema/orders'
import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import type { CartId } from '@shop/kernel/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CartRow } from '../../src/carts/domain/cart-row.ts'
import { cartRowRepository } from '../../src/carts/repository/index.ts'
import { orderRepository } from '../../src/orders/repository/index.ts'
import { anOrder, changing, placing } from '../support/orders.ts'

let database: ServiceDatabase
let db: Db
let rows: ReturnType<typeof cartRowRepository>
beforeAll(async () => {
  database = await startDatabase()
  db = database.as('orders')
  rows = cartRowRepository(db)
})
afterAll(() => database.stop())
beforeEach(() => db.execute(sql`delete from orders.carts`))

const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 10, minute))
const aRow = (over: Partial<CartRow> = {}): CartRow => ({
  ...{ id: newId('cart'), userId: newId('user'), email: 'ada@example.com' },
  ...{ createdAt: at(0), changedAt: at(0) },
  ...over,
})
async function withRow(over: Partial<CartRow> = {}) {
  const row = aRow(over)
  await rows.save(row)
  return row
}
const idle = async (minute = 30) => (await rows.listIdle({ before: at(minute), limit: 20 })).map(({ id }) => id)
const newest = async ({ userId }: CartRow) => (userId === null ? [] : rows.listNewest({ userId, limit: 5 }))
async function emailOf({ id }: CartRow): Promise<unknown> {
  const { rows: found } = await db.execute(sql`select email from orders.carts where id = ${id}`)
  return found[0]?.email
}
const announce = (id: CartId) =>
  rows.announce({ id, itemCount: 3, total: 2_500, currency: currency('USD'), at: at(40) })

describe('the row of a cart', () => {
  it('is written once, and again when somebody else can be found by it', async () => {
    const row = await withRow({ userId: null })
    const changed = { ...row, email: 'grace@example.com', changedAt: at(5) }
    await rows.save(changed)
    expect(await rows.listIdle({ before: at(30), limit: 20 })).toEqual([changed])
  })

  it('is that of the newest change, whichever call comes first', async () => {
    const row = await withRow()
    const [newer, older] = [
      { ...row, email: null, changedAt: at(2) },
      { ...row, email: 'grace@example.com', changedAt: at(1) },
    ]
    await rows.save(newer)
    await rows.save(older)
    expect(await emailOf(row)).toBeNull()
  })

  it.each(['end', 'complete'] as const)('has no e-mail address any more after its %s', async (what) => {
    const row = await withRow()
    await (what === 'end' ? rows.end([row.id], at(3)) : rows.complete(row.id, at(3)))
    expect(await emailOf(row)).toBeNull()
  })

  it('is not written any more once the cart has ended', async () => {
    const row = await withRow()
    await rows.end([row.id], at(3))
    await rows.save({ ...row, changedAt: at(4) })
    expect(await emailOf(row)).toBeNull()
  })

  it('is made again with its cart, and keeps an address that was changed since', async () => {
    const row = aRow()
    await rows.reopen(row, at(3))
    expect(await newest(row)).toEqual([row.id])
    await rows.save({ ...row, email: 'grace@example.com', changedAt: at(4) })
    await rows.reopen(row, at(5))
    expect(await emailOf(row)).toBe('grace@example.com')
  })

  it('names the account that has completed the cart of a guest, when that is open again', async () => {
    const row = await withRow({ userId: null })
    await rows.complete(row.id, at(3))
    const owned = { ...row, userId: newId('user') }
    await rows.reopen(owned, at(4))
    expect([await newest(owned), await emailOf(row)]).toEqual([[row.id], row.email])
  })

  it('is deleted 60 days after it was changed last, a thousand at once', async () => {
    const afterDays = (days: number) => new Date(at(0).getTime() + days * 86_400_000)
    await db.execute(sql`
      insert into orders.carts (id, created_at, changed_at)
      select 'cart_' || n, ${at(0).toISOString()}::timestamptz, ${at(0).toISOString()}::timestamptz
      from generate_series(1, 1001) n`)
    const used = await withRow({ changedAt: afterDays(30) })
    expect(await rows.prune(afterDays(60))).toBe(0)
    const after = new Date(afterDays(60).getTime() + 1)
    expect([await rows.prune(after), await rows.prune(after), await rows.prune(after)]).toEqual([1_000, 1, 0])
    expect(await newest(used)).toEqual([used.id])
  })

  it('is deleted with the cart', async () => {
    const row = await withRow()
    await rows.delete(row.id)
    expect([await idle(), await newest(row)]).toEqual([[], []])
  })
})

describe('the newest carts of an account', () => {
  it('come first, and those of others not at all', async () => {
    const older = await withRow()
    const newer = await withRow({ userId: older.userId, createdAt: at(1) })
    await withRow()
    expect(await newest(older)).toEqual([newer.id, older.id])
  })

  it('are without those that have ended, and those with an order that stands', async () => {
    const row = await withRow()
    const order = anOrder({ userId: row.userId, cartId: row.id })
    const orders = orderRepository(db)
    await orders.insert(placing(order), { counters: [], claim: undefined, customerKey: `account:${row.userId}` })
    expect(await newest(row)).toEqual([])
    const to = { status: 'cancelled', cancelReason: 'expired' } as const
    await orders.saveChange(changing(order, to, { type: 'cancelled' }))
    expect(await newest(row)).toEqual([row.id])
    await rows.end([row.id], at(3))
    expect(await newest(row)).toEqual([])
  })
})

describe('idle carts', () => {
  it('have an e-mail address and were not changed for some time, the longest first', async () => {
    const second = await withRow({ changedAt: at(2) })
    const first = await withRow({ changedAt: at(1) })
    await withRow({ email: null })
    await withRow({ changedAt: at(31) })
    expect(await idle()).toEqual([first.id, second.id])
    await rows.saveChangedAt(first.id, at(31))
    expect(await idle()).toEqual([second.id])
  })

  it('are not asked about once they are completed or have ended, until they are opened again', async () => {
    const completed = await withRow()
    const ended = await withRow()
    await rows.complete(completed.id, at(3))
    await rows.end([ended.id], at(3))
    expect(await idle()).toEqual([])
    await rows.reopen(completed, at(4))
    expect(await idle()).toEqual([completed.id])
  })

  it('are announced once, by however many at the same time', async () => {
    const { id, userId } = await withRow()
    await Promise.all([announce(id), announce(id), announce(id)])
    await announce(id)
    const events = await eventLog(db, ordersEvents).list({ key: id, limit: 10 })
    const payload = { cartId: id, userId, itemCount: 3, total: 2_500, currency: 'USD' }
    expect(events).toMatchObject([{ type: 'cart.abandoned', sequence: 1, payload, createdAt: at(40) }])
    expect(await idle()).toEqual([])
  })

  it('are not announced where the address was deleted meanwhile', async () => {
    const row = await withRow()
    await rows.save({ ...row, email: null })
    await announce(row.id)
    expect(await eventLog(db, ordersEvents).list({ key: row.id, limit: 10 })).toEqual([])
  })

  it('that are gone are not announced', async () => {
    const id = newId('cart')
    await announce(id)
    expect(await eventLog(db, ordersEvents).list({ key: id, limit: 10 })).toEqual([])
  })
})
