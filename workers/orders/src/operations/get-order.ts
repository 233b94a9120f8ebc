import type { Order, OrderAccess, OrderNotFound } from '@shop/contracts'
import { type AuthenticationRequired, fail, isId, type OrderId, ok, type Result } from '@shop/kernel'
import { isVisibleTo } from '../domain/order.ts'
import type { OrdersDeps } from '../ports.ts'

type AccessRefused = AuthenticationRequired | OrderNotFound

/**
 * Reads an order for its owner, for staff or for the guest who has its token. Anybody else's reads as not found; who
 * shows nothing at all is asked to sign in, whether there is such an order or not.
 */
export function getOrder(deps: OrdersDeps, access: OrderAccess): Promise<Result<Order, AccessRefused>> {
  return readFor(deps, access, deps.store.find, (order) => order)
}

/**
 * Reads something with an order in it, for whoever may see that order.
 *
 * @param orderIn the order of what was read
 */
export async function readFor<T>(
  deps: Pick<OrdersDeps, 'tokens'>,
  access: OrderAccess,
  read: (id: OrderId) => Promise<T | undefined>,
  orderIn: (found: T) => Order,
): Promise<Result<T, AccessRefused>> {
  const { orderId } = access
  if (access.caller.kind === 'anonymous' && !access.orderToken) return fail({ code: 'authentication_required' })
  const found = isId('order', orderId) ? await read(orderId) : undefined
  const isAllowed = found !== undefined && (await maySee(deps, orderIn(found), access))
  return isAllowed ? ok(found) : fail({ code: 'order_not_found' })
}

/** A token opens the order of a guest only: an account's owner signs in. */
async function maySee({ tokens }: Pick<OrdersDeps, 'tokens'>, order: Order, access: OrderAccess): Promise<boolean> {
  if (isVisibleTo(order, access.caller)) return true
  return order.userId === null && !!access.orderToken && tokens.isOf(order.id, access.orderToken)
}
