import type { Quote } from '@shop/contracts/catalog/rpc'
import type { OrdersFailure } from '@shop/contracts/orders/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import type { Buyer } from '../../access/domain/buyer.ts'
import type { OrdersDeps } from '../../deps.ts'
import { type OrderItem, priceOrder } from '../../pricing/domain/price-order.ts'
import { checkQuantities } from '../../pricing/domain/check-quantities.ts'
import { holdStock } from '../../stock/hold-stock.ts'
import { releaseStock } from '../../stock/release-stock.ts'
import { newOrder } from '../domain/new-order.ts'
import type { Order, OrderChange, ShippingAddress } from '../domain/order.ts'
import type { KeyClaim } from '../repository/idempotency-keys.ts'

export type WriteDeps = Pick<
  OrdersDeps,
  'orders' | 'catalog' | 'now' | 'newOrderId' | 'hadNoEffect' | 'holdSeconds' | 'holdGraceSeconds'
>

type Attempt = {
  buyer: Buyer
  items: OrderItem[]
  shippingAddress: ShippingAddress | null
  quotes: Quote[]
  claim: KeyClaim | undefined
}

/** Prices the items, holds their stock and writes the order. On a refusal no hold of this attempt is left. */
export async function holdAndWrite(
  deps: WriteDeps,
  { buyer, items, shippingAddress, quotes, claim }: Attempt,
): Promise<Result<Order, OrdersFailure>> {
  const priced = priceOrder(items, quotes)
  if (!priced.ok) return priced
  const placedAt = deps.now()
  const expiresAt = addSeconds(placedAt, deps.holdSeconds)
  const id = deps.newOrderId()
  const placed = newOrder({ id, buyer, priced: priced.value, shippingAddress, placedAt, expiresAt })
  const held = await holdStock(deps, placed.order)
  return held.ok ? write(deps, placed, claim) : held
}
  const quantities = checkQuantities(items, quotes)
  if (!quantities.ok) return quantities

/**
 * Writes the order whose stock is held. When the answer is lost, the order is read back. If it is not found, nothing is
 * released, because the order may still appear: units that are off sale until the hold expires are the lesser harm.
 */
async function write(
  deps: WriteDeps,
  placed: OrderChange,
  claim: KeyClaim | undefined,
): Promise<Result<Order, OrdersFailure>> {
  const { order } = placed
  try {
    if (await deps.orders.insert(placed, claim)) return ok(order)
  } catch (error) {
    if (deps.hadNoEffect(error)) {
      await releaseStock(deps, order)
      throw error
    }
    const written = await deps.orders.find(order.id)
    if (written !== undefined) return ok(written)
    throw error
  }
  // This attempt took so long that another one took over its key and places the order.
  await releaseStock(deps, order)
  return fail({ code: 'idempotency_in_flight' })
}
