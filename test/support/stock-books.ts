import { newId } from '@shop/http/ids'
import type { Caller } from '@shop/kernel/caller'
import type { ApiBody } from '@shop/testing/client'
import type { Platform } from '@shop/testing/platform'
import type { MovementBody } from '@shop/testing/product-body'
import { sql } from 'drizzle-orm'
import pMap from 'p-map'

export type StockBooksOptions = {
  /**
   * Whether stock may be held for an order that was never written: after a fault, until its hold expires. Default false.
   */
  mayHoldMore?: boolean
}

/** Units of a variant by what the stock should have done with them. */
type Ordered = {
  id: string
  held: number
  sold: number
  /** Added by edits to orders that owe something: held, unless their own part was paid before. */
  added: number
}
/** What an order gave back to the stock after it was sold, by the key of the movement. A write-off changes no count. */
type GivenBack = { id: string; key: string; delta: number }

const NOTHING = { held: 0, sold: 0, added: 0 }
const AT_ONCE = 8

/** Where the stock of any variant on sale differs from what orders have done: sales, holds, edits, restocks and write-offs. */
export async function stockMismatches(
  platform: Platform,
  { mayHoldMore = false }: StockBooksOptions = {},
): Promise<string[]> {
  const listed = await platform.database.as('catalog').execute<{ id: string }>(
    sql`select v.id from catalog.variants v join catalog.products p on p.id = v.product_id
          where p.status <> 'archived' and v.deleted_at is null`,
  )
  const [ordered, givenBack] = await Promise.all([orderedUnits(platform), unitsGivenBack(platform)])
  const found = await pMap(
    listed.rows,
    async (variant) => {
      const id = String(variant.id)
      const { held, sold, onHand, total, returned } = await stockOf(platform, id)
      const wanted = ordered.get(id) ?? NOTHING
      const mismatches: string[] = []
      if (total !== onHand) mismatches.push(`its movements sum up to ${total}, on hand are ${onHand}`)
      const paidBefore = sold - wanted.sold
      if (paidBefore < 0 || paidBefore > wanted.added) mismatches.push(`${sold} were sold, ${wanted.sold} are ordered`)
      const open = wanted.held + wanted.added - paidBefore
      if (held !== open && !(mayHoldMore && held > open))
        mismatches.push(`${held} are held, ${open} are in open orders`)
      if (held > onHand) mismatches.push(`${held} are held of ${onHand} on hand`)
      const [came, due] = [returned, givenBack.get(id) ?? []].map((units) => JSON.stringify(units))
      if (came !== due) mismatches.push(`orders gave back ${due}, it has ${came}`)
      return mismatches.map((mismatch) => `variant ${id}: ${mismatch}`)
    },
    { concurrency: AT_ONCE },
  )
  return found.flat()
}

/** A line that an edit made smaller has its new quantity. Refunded units stay sold until staff adjust the stock. */
async function orderedUnits({ database }: Platform): Promise<Map<string, Ordered>> {
  const { rows } = await database.as('orders').execute<Ordered>(sql`
    with lines as (
      select l.variant_id, l.quantity, o.status,
             l.hold_id is not null and o.total + o.credited_amount > o.gift_card_amount + o.charged_amount as is_due
      from orders.order_lines l join orders.orders o on o.id = l.order_id
    )
    select variant_id::text as id,
      coalesce(sum(quantity) filter (where status = 'pending'), 0)::float8 as held,
      coalesce(sum(quantity) filter (where status not in ('pending', 'cancelled') and not is_due), 0)::float8 as sold,
      coalesce(sum(quantity) filter (where status not in ('pending', 'cancelled') and is_due), 0)::float8 as added
    from lines group by variant_id`)
  return new Map(rows.map((row) => [row.id, row]))
}

async function unitsGivenBack({ database }: Platform): Promise<Map<string, unknown[]>> {
  const { rows } = await database.as('orders').execute<GivenBack>(sql`
    select variant_id::text as id, 'order:' || key as key,
      (case kind when 'restock' then quantity else 0 end)::float8 as delta
    from orders.stock_adjustments where kind in ('restock', 'write_off')`)
  const byVariant = Map.groupBy(rows, ({ id }) => id)
  return new Map([...byVariant].map(([id, units]) => [id, units.map(({ key, delta }) => [key, delta]).sort()]))
}

const STAFF: Caller = { kind: 'user', userId: newId('user'), role: 'admin' }
const SALES: string[] = ['commit', 'undo'] satisfies MovementBody['reason'][]

async function stockOf(platform: Platform, id: string) {
  const movements: MovementBody[] = []
  let cursor: string | null = ''
  let levels = { on_hand: 0, held: 0 }
  while (cursor !== null) {
    const path = `/api/variants/${id}/inventory?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`
    const answer = await platform.askCatalog(path, STAFF)
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.body}`)
    const body = JSON.parse(answer.body) as ApiBody
    if (cursor === '') levels = { on_hand: body.inventory.on_hand ?? 0, held: body.inventory.held ?? 0 }
    movements.push(...body.movements)
    cursor = body.next_cursor
  }
  const sum = (some: MovementBody[]) => some.reduce((total, { delta }) => total + delta, 0)
  const ofOrders = movements.filter(({ key }) => key.startsWith('order:'))
  return {
    onHand: levels.on_hand,
    held: levels.held,
    sold: -sum(movements.filter(({ reason }) => SALES.includes(reason))) + 0,
    total: movements.length === 0 ? levels.on_hand : sum(movements),
    returned: ofOrders.map(({ key, delta }) => [key, delta]).sort(),
  }
}
