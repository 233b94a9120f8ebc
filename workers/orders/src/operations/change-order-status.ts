import {
  type AccessFailure,
  type Caller,
  fail,
  isStaff,
  type Order,
  type OrderChanged,
  type OrderNotFound,
  type OrderStatus,
  ok,
  type Result,
  type StatusChangeRefused,
} from '@shop/contracts'
import { advance, cancel, isFulfilmentStep } from '../domain/order.ts'
import type { OrdersDeps } from '../ports.ts'
import { getOrder } from './get-order.ts'

type StatusFailure = AccessFailure | OrderNotFound | StatusChangeRefused | OrderChanged

/** How often a save that lost to another writer is decided again on what that writer left. */
const ROUNDS = 4

/**
 * Moves an order on: staff fulfil it, its owner or staff cancel it while it is pending.
 *
 * A cancelled order's stock is freed only after its payment was called off, so it is back shortly after the answer.
 */
export async function changeOrderStatus(
  deps: OrdersDeps,
  caller: Caller,
  request: { orderId: string; status: OrderStatus },
): Promise<Result<Order, StatusFailure>> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const found = await getOrder(deps, caller, request.orderId)
    if (!found.ok) return found
    if (isFulfilmentStep(request.status) && !isStaff(caller)) return fail({ code: 'forbidden' })
    const saved = await saveStep(deps, caller, found.value, request.status)
    if (saved !== 'lost') return saved
  }
  return fail({ code: 'order_changed' })
}

async function saveStep(
  deps: OrdersDeps,
  caller: Caller,
  order: Order,
  status: OrderStatus,
): Promise<Result<Order, StatusFailure> | 'lost'> {
  const { id, version } = order
  const updatedAt = deps.now()
  if (status === 'cancelled') {
    const step = cancel(order, isStaff(caller) ? 'cancelled_by_staff' : 'cancelled_by_customer')
    if (!step.ok) return step
    if (step.value.kind === 'unchanged') return ok(order)
    const { cancelReason } = step.value
    if (!(await deps.store.saveCancelled({ id, version, cancelReason, updatedAt }))) return 'lost'
    await deps.wakePayments()
    return ok({ ...order, status, cancelReason, updatedAt, version: version + 1 })
  }
  const step = advance(order, status)
  if (!step.ok) return step
  if (step.value.kind === 'unchanged') return ok(order)
  if (!(await deps.store.saveStatus({ id, version, status: step.value.status, updatedAt }))) return 'lost'
  return ok({ ...order, status: step.value.status, updatedAt, version: version + 1 })
}
