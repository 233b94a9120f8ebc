import type { HoldConflict, Order, ProductOutOfStock } from '@shop/contracts'
import { addSeconds, fail, ok, type Result, type ServiceUnavailable } from '@shop/kernel'
import { stockLinesOf, variantIdsOf } from '../domain/pricing.ts'
import type { OrdersDeps } from '../ports.ts'

/** Holds the stock of every line or of none, under the order's id, until a grace after the order expires. */
export async function holdLines(
  deps: OrdersDeps,
  order: Order,
): Promise<Result<undefined, ProductOutOfStock | HoldConflict | ServiceUnavailable>> {
  const held = await deps.catalog.holdStock({
    holdId: order.id,
    lines: stockLinesOf(order.lines),
    expiresAt: addSeconds(order.expiresAt, deps.holdGraceSeconds),
  })
  if (held.ok) return ok()
  if (held.failure.code !== 'out_of_stock') return fail(held.failure)
  const { variantId, requested, available } = held.failure
  const line = order.lines.find((candidate) => candidate.variantId === variantId)
  if (line === undefined) throw new Error(`The catalogue refused variant ${variantId}, which the order does not have`)
  return fail({ code: 'out_of_stock', productId: line.productId, name: line.name, requested, available })
}

/** Gives back what this order holds and nothing else. Failing that, the holds end by themselves. */
export async function releaseLines(
  deps: OrdersDeps,
  order: Pick<Order, 'id' | 'lines'>,
): Promise<Result<undefined, ServiceUnavailable>> {
  return deps.catalog.releaseHolds({ holdId: order.id, variantIds: variantIdsOf(order.lines) })
}

/**
 * Ends what a cancelled order holds and takes back what it has bought, each unit once. In this order: once a hold is
 * released, a sale that is still under way cannot come after it.
 */
export async function freeLines(
  deps: OrdersDeps,
  order: Pick<Order, 'id' | 'lines'>,
): Promise<Result<undefined, ServiceUnavailable>> {
  const released = await releaseLines(deps, order)
  if (!released.ok) return released
  return deps.catalog.returnSales({ holdId: order.id, variantIds: variantIdsOf(order.lines) })
}
