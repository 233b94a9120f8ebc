import type { OrderMail } from '@shop/contracts/orders/order-mail'
import { isId } from '@shop/kernel/ids'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import { toOrderMail } from './domain/order-mail.ts'

/** Orders as mails show them; those that do not exist are left out. */
export async function orderMails(
  deps: Pick<OrdersDeps, 'orders'>,
  { orderIds }: { orderIds: string[] },
): Promise<Result<OrderMail[], never>> {
  const orders = await deps.orders.findAll(orderIds.filter((id) => isId('order', id)))
  return ok(orders.map(toOrderMail))
}
