import type { OrderNotFound } from '@shop/contracts/orders/failures'
import type { OrderAccess } from '@shop/contracts/orders/rpc'
import type { AuthenticationRequired } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import { getOrder } from '../orders/get-order.ts'
import type { ReturnOfOrder } from './internal/find-return.ts'

/** The returns of an order, oldest first, for callers who may see it. */
export async function listOrderReturns(
  deps: Pick<OrdersDeps, 'orders' | 'tokens'>,
  access: OrderAccess,
): Promise<Result<ReturnOfOrder[], AuthenticationRequired | OrderNotFound>> {
  const found = await getOrder(deps, access)
  return found.ok ? ok(found.value.returns.map((returned) => ({ order: found.value, returned }))) : found
}
