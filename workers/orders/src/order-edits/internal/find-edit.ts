import { isId } from '@shop/kernel/ids'
import type { OrdersDeps } from '../../deps.ts'
import type { Order } from '../../orders/domain/order.ts'
import { outcomeOf } from '../domain/edit-step.ts'
import type { EditOutcome } from '../domain/order-edit.ts'

/**
 * The edit that was made with a key: the order as it is now, and the outcome of that edit.
 *
 * @param subject the id of the order and its version after the edit
 */
export async function findEdit(
  deps: Pick<OrdersDeps, 'orders'>,
  subject: string,
): Promise<{ order: Order; outcome: EditOutcome } | undefined> {
  const [orderId = '', version] = subject.split(' ')
  const found = isId('order', orderId) ? await deps.orders.findWithEvents(orderId) : undefined
  const edit = found?.events.find(({ seq }) => seq === Number(version))
  return found && edit && { order: found.order, outcome: outcomeOf(found.order, edit.data) }
}
