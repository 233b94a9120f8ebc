import type { OrderChanged, OrderNotFound } from '@shop/contracts/orders/failures'
import type { OrderActor } from '@shop/contracts/orders/states'
import type { OrderId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from './domain/order.ts'
import { changeOf, type Step } from './domain/steps.ts'

/** How often a save that lost to another writer is decided again on the new state. */
const ATTEMPTS = 4

export const SYSTEM: OrderActor = { kind: 'system' }

export type ChangeDeps = Pick<OrdersDeps, 'orders' | 'now' | 'wakeConsumers'>

/** `known` is the order as it was just read, which saves reading it again. */
type Target = { orderId: OrderId; actor: OrderActor; known?: Order | undefined }

/**
 * Changes an order by one decision: loads it, decides, and saves unless it changed meanwhile.
 *
 * @returns the order after the change
 */
export async function changeOrder<F = never>(
  deps: ChangeDeps,
  { orderId, actor, known }: Target,
  decide: (order: Order) => Result<Step, F>,
): Promise<Result<Order, F | OrderNotFound | OrderChanged>> {
  let order = known
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    order ??= await deps.orders.find(orderId)
    if (order === undefined) return fail({ code: 'order_not_found' })
    const decided = decide(order)
    if (!decided.ok) return decided
    if (decided.value.kind === 'unchanged') return ok(order)
    const change = changeOf(order, decided.value, { actor, at: deps.now() })
    const saved = await deps.orders.saveChange(change)
    if (saved === 'repeated') return ok(order)
    if (saved === 'saved') {
      await deps.wakeConsumers([`order.${change.event.type}`])
      return ok(change.order)
    }
    order = undefined
  }
  return fail({ code: 'order_changed' })
}
