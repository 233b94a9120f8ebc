import { fail, type OrderId, type OrderNotFound, ok, type PaymentId, type Result } from '@shop/contracts'
import type { OrdersDeps } from '../ports.ts'

/** Notes that the order's payment went back in full. */
export async function applyRefund(
  deps: OrdersDeps,
  payment: { orderId: OrderId; paymentId: PaymentId },
): Promise<Result<undefined, OrderNotFound>> {
  if (await deps.store.saveRefunded({ ...payment, now: deps.now() })) return ok()
  // A second payment of an order that another one has paid goes back without the order changing.
  return (await deps.store.find(payment.orderId)) === undefined ? fail({ code: 'order_not_found' }) : ok()
}
