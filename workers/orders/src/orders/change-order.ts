import type { EventType } from '@shop/contracts/events/catalogue'
import type { OrderChanged, OrderNotFound } from '@shop/contracts/orders/failures'
import { isOfPart, type OrderActor } from '@shop/contracts/orders/states'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import type { OrderId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { Order, OrderChange } from './domain/order.ts'
import { changeOf, type Step } from './domain/steps.ts'

/** How often a save that lost to another writer is decided again on the new state. */
const ATTEMPTS = 4

export const SYSTEM: OrderActor = { kind: 'system' }

export type ChangeDeps = Pick<OrdersDeps, 'orders' | 'now' | 'wakeConsumers'>

/** `known` is the order as it was just read, which saves reading it again; `key` that of the request, stored with the change. */
type Target = { orderId: OrderId; actor: OrderActor; known?: Order | undefined; key?: IdempotencyKey | undefined }

/**
 * Changes an order by one decision: loads it, decides, and saves unless it changed meanwhile.
 *
 * @returns the order after the change, or as it was read where the change, or the key, is recorded
 */
export async function changeOrder<F = never>(
  deps: ChangeDeps,
  { orderId, actor, known, key }: Target,
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
    const saved = await deps.orders.saveChange({ ...change, key })
    if (saved === 'repeated') return ok(order)
    if (saved === 'saved') {
      await deps.wakeConsumers(eventsOf(change))
      return ok(change.order)
    }
    order = undefined
  }
  return fail({ code: 'order_changed' })
}

export function eventsOf({ event: { type }, shipment, returned, refundDue, storeCredit }: OrderChange): EventType[] {
  const ofOrder: EventType[] = isOfPart(type) ? [] : [`order.${type}`]
  return [
    ...ofOrder,
    ...(shipment?.events ?? []),
    ...(returned?.events ?? []),
    ...(refundDue ? (['order.refund_due'] as const) : []),
    ...(storeCredit ? (['gift_card.issued'] as const) : []),
  ]
}
