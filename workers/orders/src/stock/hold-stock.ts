import type { HoldConflict } from '@shop/contracts/catalog/failures'
import type { Quote } from '@shop/contracts/catalog/rpc'
import type { ProductOutOfStock } from '@shop/contracts/orders/failures'
import type { OrderEditId, OrderId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrdersDeps } from '../deps.ts'
import type { Order, OrderLine } from '../orders/domain/order.ts'
import { holdLinesOf } from './domain/stock-lines.ts'

/**
 * Holds the stock of every line or of none, until a grace period after the order expires. The hold id is the id of the order, or of
 * the edit that adds the lines, so an attempt releases only its own holds.
 *
 * @param quotes those that the order was priced by; they have the terms of the stock
 */
export async function holdStock(
  deps: Pick<OrdersDeps, 'catalog' | 'holdGraceSeconds'>,
  order: Pick<Order, 'expiresAt'> & { id: OrderId | OrderEditId; lines: Omit<OrderLine, 'id' | 'units' | 'holdId'>[] },
  quotes: Pick<Quote, 'variantId' | 'stock'>[],
): Promise<Result<undefined, ProductOutOfStock | HoldConflict | ServiceUnavailable>> {
  const held = await deps.catalog.holdStock({
    holdId: order.id,
    lines: holdLinesOf(order.lines, quotes),
    expiresAt: addSeconds(order.expiresAt, deps.holdGraceSeconds),
  })
  if (held.ok) return ok()
  if (held.failure.code !== 'out_of_stock') return fail(held.failure)
  const { variantId, requested, available } = held.failure
  const line = order.lines.find((candidate) => candidate.variantId === variantId)
  if (line === undefined) throw new Error(`The catalog refused variant ${variantId}, which the order does not have`)
  const { productId, sku, name } = line
  return fail({ code: 'out_of_stock', productId, variantId, sku, name, requested, available })
}
