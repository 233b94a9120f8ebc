import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ListOrder, ListPosition } from '../../src/search/domain/position.ts'
import { addGoods } from '../support/sql-goods.ts'
import { useDatabase } from './use-database.ts'

const { database, listProducts } = useDatabase()

const COUNT = 10_000
const PAGE = 100

let admin: pg.Client
let ids: number[]
beforeAll(async () => {
  admin = new pg.Client({ connectionString: database().adminUrl })
  await admin.connect()
  ids = await addGoods(
    admin,
    Array.from({ length: COUNT }, (_, n) => ({
      name: `Article ${n}`,
      // Many share an instant and a price, so that the id decides.
      createdAt: new Date(1_700_000_000_000 + Math.floor(n / 7) * 1_000).toISOString(),
      variants: [{ price: 100 + (n % 997) }],
    })),
  )
  await admin.query('vacuum analyze')
}, 240_000)
afterAll(() => admin.end())

/** Changes of the shop, one after another until it is told to stop. */
function changeTheShop() {
  let isOver = false
  const archived = new Set<number>()
  const work = async () => {
    const client = new pg.Client({ connectionString: database().adminUrl })
    await client.connect()
    for (let n = 0; !isOver; n += 1) {
      await addGoods(client, [{ name: `Later ${n}`, variants: [{ price: 100 + ((n * 31) % 997) }] }])
      // Prices move far in both directions, and some of them several times.
      await client.query(
        `update catalog.variants set price = 100 + (price * 7919 + $1) % 997
         where product_id = any (select unnest($2::bigint[]))`,
        [n, Array.from({ length: 20 }, (_, index) => ids[(n * 131 + index * 499) % COUNT])],
      )
      const id = ids[(n * 613) % COUNT] ?? 0
      archived.add(id)
      await client.query("update catalog.products set status = 'archived', archived_at = now() where id = $1", [id])
    }
    await client.end()
  }
  const working = work()
  return async () => {
    isOver = true
    await working
    return archived
  }
}

describe('paging through 10,000 products while others are added, archived and repriced', () => {
  it.each(['newest', 'price', '-price'] satisfies ListOrder[])(
    'by %s shows each one that stays exactly once',
    async (order) => {
      const stop = changeTheShop()
      const seen: number[] = []
      for (let after: ListPosition | undefined; ; ) {
        const page = await listProducts({ order, after, limit: PAGE })
        seen.push(...page.map(({ id }) => id))
        after = page.at(-1)?.position
        if (page.length < PAGE) break
      }
      const archived = await stop()
      expect(new Set(seen).size).toBe(seen.length)
      const { rows } = await admin.query<{ id: string }>("select id from catalog.products where status = 'active'")
      const active = new Set(rows.map(({ id }) => Number(id)))
      const missed = ids.filter((id) => active.has(id) && !archived.has(id) && !seen.includes(id))
      expect(missed).toEqual([])
      expect(archived.size).toBeGreaterThan(0)
    },
  )
})
