import type { OrderNotFound } from '@shop/contracts/orders/failures'
import type { OrderAccess } from '@shop/contracts/orders/rpc'
import { hasScope } from '@shop/kernel/access'
import type { AuthenticationRequired } from '@shop/kernel/caller'
import { isId, type OrderId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Scope } from '@shop/kernel/scopes'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from '../orders/domain/order.ts'
import { isOwnedBy, placedBy } from './domain/visibility.ts'

type Owned = Pick<Order, 'id' | 'userId' | 'claimedAt'>

/**
 * Reads an order, or something that contains one, for its owner, for the guest who has its token, and for callers with one of the
 * scopes. For others it is not found. A caller without any credential gets `authentication_required`, whether or not the order
 * exists.
 *
 * @param orderIn the order in what was read
 */
export async function readVisibleOrder<T>(
  deps: Pick<OrdersDeps, 'tokens'>,
  access: OrderAccess,
  read: (id: OrderId) => Promise<T | undefined>,
  orderIn: (found: T) => Owned,
  scopes: readonly Scope[] = ['orders:read'],
): Promise<Result<T, AuthenticationRequired | OrderNotFound>> {
  const { orderId, caller } = access
  if (caller.kind === 'anonymous' && !access.orderToken) return fail({ code: 'authentication_required' })
  const found = isId('order', orderId) ? await read(orderId) : undefined
  if (found === undefined) return fail({ code: 'order_not_found' })
  const isAllowed = scopes.some((scope) => hasScope(caller, scope)) || (await isOwn(deps, orderIn(found), access))
  return isAllowed ? ok(found) : fail({ code: 'order_not_found' })
}

/**
 * Whether the caller is the owner, or has the token: that opens only an order that a guest has placed. The owner of an account
 * signs in.
 */
export async function isOwn(
  { tokens }: Pick<OrdersDeps, 'tokens'>,
  order: Owned,
  access: OrderAccess,
): Promise<boolean> {
  if (isOwnedBy(order, access.caller)) return true
  return placedBy(order) === null && !!access.orderToken && tokens.isOf(order.id, access.orderToken)
}
