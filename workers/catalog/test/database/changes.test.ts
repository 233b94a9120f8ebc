import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { announcement, later, NOW, useDatabase } from './use-database.ts'

const { addProduct, changes, database, db, products } = useDatabase()

const confirmAll = async () => {
  const eventIds = await changes().claim({ limit: 1_000, now: later(3_600 * 24) })
  await changes().confirmAll({ eventIds, now: NOW })
}
const countUnconfirmed = async () => {
  const { rows } = await db().execute(
    sql`select 1 from catalog.outbox where kind = 'catalog.changed' and confirmed_at is null`,
  )
  return rows.length
}

describe('a change of the catalogue', () => {
  it('is announced in the round trip that makes it, and not when nothing changes', async () => {
    await confirmAll()
    const product = await addProduct()
    database().resetCounts()
    const update = { id: product.id, fields: { name: 'Other' }, decidedFrom: product, updatedAt: later(60) }
    await products().update({ ...update, change: announcement() })
    await products().delete({ id: product.id, deletedAt: later(70), change: announcement() })
    expect(database().counts().roundTrips).toBe(2)
    expect(await countUnconfirmed()).toBe(3)
    await products().update({ ...update, updatedAt: later(80), change: announcement() })
    await products().delete({ id: product.id, deletedAt: later(90), change: announcement() })
    expect(await countUnconfirmed()).toBe(3)
  })

  it('is due again until it is confirmed, by its event or by its key', async () => {
    await confirmAll()
    const change = announcement()
    await addProduct({ change })
    await addProduct()
    expect(await changes().claim({ limit: 10, now: later(9) })).toEqual([])
    await changes().confirm({ key: change.key, now: NOW })
    const left = await changes().claim({ limit: 10, now: later(10) })
    expect(left).toHaveLength(1)
    expect(await countUnconfirmed()).toBe(1)
    await changes().confirmAll({ eventIds: left, now: NOW })
    expect(await countUnconfirmed()).toBe(0)
  })
})
