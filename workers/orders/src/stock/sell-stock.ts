import type { HoldFailure } from '@shop/contracts/catalog/failures'
import type { OrderChanged, OrderNotFound } from '@shop/contracts/orders/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrdersDeps } from '../deps.ts'
import { missingStep } from '../order-edits/domain/missing-step.ts'
import { type ChangeDeps, changeOrder, SYSTEM } from '../orders/change-order.ts'
import type { Order } from '../orders/domain/order.ts'
import { holdsOf } from './domain/stock-lines.ts'
import { recordSale } from './domain/stock-steps.ts'
import { returnSales } from './return-sales.ts'

export type SellDeps = ChangeDeps & Pick<OrdersDeps, 'catalog' | 'newId'>
type SellFailure = HoldFailure | ServiceUnavailable
type Sold = Result<'sold' | 'gone', OrderNotFound | OrderChanged | ServiceUnavailable>

/**
 * Takes the lines of a paid or authorized order out of stock. If units that were ordered are no longer available, the order is
 * cancelled. If only units that an edit added are not, those are taken off again and refunded. Safe to repeat at any point. While
 * the stock has another quantity than the order, after an edit, it is `service_unavailable`.
 *
 * @returns `gone` when the order is cancelled, so that its payment must be voided or refunded
 */
export async function sellStock(deps: SellDeps, order: Order): Promise<Sold> {
  if (order.status === 'cancelled') return ok('gone')
  if (order.stockCommitted) return ok('sold')
  const holds = holdsOf(order)
  const sold = await Promise.all(holds.map((hold) => deps.catalog.commitHolds(hold)))
  // Another quantity is sold where an edit has made a hold smaller and the stock does not know yet: no unit is missing.
  const isUndecided = sold.some((one) => !one.ok && (isAway(one.failure) || isOtherQuantity(one.failure)))
  if (isUndecided) return fail({ code: 'service_unavailable' })
  const missing = new Set(holds.flatMap(({ holdId }, index) => (sold[index]?.ok ? [] : [holdId])))
  return missing.size === 0 ? recordSold(deps, order) : settleMissing(deps, order, missing)
}

const isAway = ({ code }: SellFailure): boolean => code === 'service_unavailable'

const isOtherQuantity = (failure: SellFailure): boolean =>
  failure.code === 'hold_conflict' && failure.reason === 'other_quantity'

async function recordSold(deps: SellDeps, order: Order): Promise<Sold> {
  const target = { orderId: order.id, actor: SYSTEM, known: order }
  const recorded = await changeOrder(deps, target, (current) => ok(recordSale(current)))
  if (!recorded.ok) return recorded
  if (recorded.value.status !== 'cancelled') return ok('sold')
  // It was cancelled during the sale. Its stock may have been freed before the sale, so nothing else returns it.
  const returned = await returnSales(deps, order)
  return returned.ok ? ok('gone') : returned
}

async function settleMissing(deps: SellDeps, order: Order, missing: ReadonlySet<string>): Promise<Sold> {
  const target = { orderId: order.id, actor: SYSTEM, known: order }
  const made = { editId: deps.newId('orderEdit'), refundId: deps.newId('refund'), at: deps.now() }
  const settled = await changeOrder(deps, target, (current) => missingStep(current, missing, made))
  return settled.ok ? ok(settled.value.status === 'cancelled' ? 'gone' : 'sold') : settled
}
