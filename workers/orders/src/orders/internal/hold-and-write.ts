import type { Quote } from '@shop/contracts/catalog/rpc'
import type { OrdersFailure } from '@shop/contracts/orders/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import type { Buyer } from '../../access/domain/buyer.ts'
import { type CounterState, checkCaps, refusal } from '../../buyers/domain/caps.ts'
import type { OrdersDeps } from '../../deps.ts'
import { checkQuantities } from '../../pricing/domain/check-quantities.ts'
import { type OrderItem, priceOrder } from '../../pricing/domain/price-order.ts'
import { holdStock } from '../../stock/hold-stock.ts'
import { releaseStock } from '../../stock/release-stock.ts'
import { newOrder } from '../domain/new-order.ts'
import { type NewOrder, type Order, type ShippingAddress, unitsOf } from '../domain/order.ts'
import type { Placement } from '../repository/insert-order.ts'

export type WriteDeps = Pick<
  OrdersDeps,
  | 'orders'
  | 'catalog'
  | 'now'
  | 'newOrderId'
  | 'newLineId'
  | 'hadNoEffect'
  | 'holdSeconds'
  | 'holdGraceSeconds'
  | 'guestHoldSeconds'
>

type Attempt = Placement & {
  buyer: Buyer
  items: OrderItem[]
  shippingAddress: ShippingAddress | null
  /** One for each item. */
  quotes: Quote[]
  /** What the counters count; undefined if they were not read. */
  states: CounterState[] | undefined
}

/**
 * Prices the items, holds their stock and writes the order. On a refusal no hold of this attempt is left.
 *
 * What the request alone or the counters rule out is refused before anything is held. The statement that writes the order
 * decides between requests that race.
 */
export async function holdAndWrite(
  deps: WriteDeps,
  { buyer, items, shippingAddress, quotes, states, counters, claim }: Attempt,
): Promise<Result<Order, OrdersFailure>> {
  const priced = priceOrder(items, quotes)
  if (!priced.ok) return priced
  const quantities = checkQuantities(priced.value.lines, quotes)
  if (!quantities.ok) return quantities
  const isFree = priced.value.total === 0
  const within = checkCaps(unitsOf(items), counters, isFree ? undefined : states)
  if (!within.ok) return within
  const placedAt = deps.now()
  const seconds = buyer.userId === null ? deps.guestHoldSeconds : deps.holdSeconds
  const expiresAt = addSeconds(placedAt, seconds)
  const id = deps.newOrderId()
  const lines = priced.value.lines.map((line) => ({ id: deps.newLineId(), ...line }))
  const placed = newOrder({ id, buyer, priced: { ...priced.value, lines }, shippingAddress, placedAt, expiresAt })
  const held = await holdStock(deps, placed.order, quotes)
  return held.ok ? write(deps, placed, { counters, claim }) : held
}

/**
 * Writes the order whose stock is held. When the answer is lost, the order is read back. If it is not found, nothing is
 * released, because the order may still appear: units that are off sale until the hold expires are the lesser harm.
 */
async function write(deps: WriteDeps, placed: NewOrder, placement: Placement): Promise<Result<Order, OrdersFailure>> {
  const { order } = placed
  const inserted = await insert(deps, placed, placement)
  if (inserted === 'inserted') return ok(order)
  await releaseStock(deps, order)
  // Either another order of the buyer was faster, or this attempt took so long that another one took over its key.
  return inserted === 'taken_over' ? fail({ code: 'idempotency_in_flight' }) : refusal(inserted, placement.counters)
}

async function insert(deps: WriteDeps, placed: NewOrder, placement: Placement) {
  try {
    return await deps.orders.insert(placed, placement)
  } catch (error) {
    if (deps.hadNoEffect(error)) await releaseStock(deps, placed.order)
    else if ((await deps.orders.find(placed.order.id)) !== undefined) return 'inserted'
    throw error
  }
}
