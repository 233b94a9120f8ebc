import type { OrderAlreadyPaid, OrderNotFound, OrderNotPayable } from '@shop/contracts/orders/failures'
import type { OrderAccess, PayableOrder } from '@shop/contracts/orders/rpc'
import type { AuthenticationRequired } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import { amountDueOf } from './domain/amount-due.ts'
import { checkPayable } from './domain/lifecycle.ts'
import { getOrder } from './get-order.ts'

/** The order that the caller may pay now. */
export async function payableOrder(
  deps: Pick<OrdersDeps, 'orders' | 'tokens' | 'now'>,
  access: OrderAccess,
): Promise<Result<PayableOrder, AuthenticationRequired | OrderNotFound | OrderAlreadyPaid | OrderNotPayable>> {
  const found = await getOrder(deps, access, ['payments:write'])
  if (!found.ok) return found
  const payable = checkPayable(found.value, deps.now())
  if (!payable.ok) return payable
  const { id: orderId, userId, currency, expiresAt, chargeNo } = found.value
  // The tax of an order is recorded once, with the first charge.
  const taxCalculationId = chargeNo === 1 ? found.value.taxCalculationId : null
  return ok({ orderId, userId, chargeNo, amountDue: amountDueOf(found.value), currency, expiresAt, taxCalculationId })
}
