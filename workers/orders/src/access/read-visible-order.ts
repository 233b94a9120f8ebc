import type { OrderNotFound } from '@shop/contracts/orders/failures'
import type { OrderAccess } from '@shop/contracts/orders/rpc'
import type { AuthenticationRequired } from '@shop/kernel/caller'
import { isId, type OrderId, type UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import { isVisibleTo } from './domain/visibility.ts'

type Owned = { id: OrderId; userId: UserId | null }

/**
 * Reads an order, or something that contains one, for its owner, for staff or for the guest who has its token. For other
 * callers it is not found. A caller without any credential gets `authentication_required`, whether or not the order exists.
 *
 * @param orderIn the order in what was read
 */
export async function readVisibleOrder<T>(
  deps: Pick<OrdersDeps, 'tokens'>,
  access: OrderAccess,
  read: (id: OrderId) => Promise<T | undefined>,
  orderIn: (found: T) => Owned,
): Promise<Result<T, AuthenticationRequired | OrderNotFound>> {
  const { orderId } = access
  if (access.caller.kind === 'anonymous' && !access.orderToken) return fail({ code: 'authentication_required' })
  const found = isId('order', orderId) ? await read(orderId) : undefined
  const isAllowed = found !== undefined && (await maySee(deps, orderIn(found), access))
  return isAllowed ? ok(found) : fail({ code: 'order_not_found' })
}

/** A token opens only the order of a guest. The owner of an account signs in. */
async function maySee({ tokens }: Pick<OrdersDeps, 'tokens'>, order: Owned, access: OrderAccess): Promise<boolean> {
  if (isVisibleTo(order, access.caller)) return true
  return order.userId === null && !!access.orderToken && tokens.isOf(order.id, access.orderToken)
}
