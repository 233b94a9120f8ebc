import type { Db } from '@shop/db/client'
import { sql } from 'drizzle-orm'
import type { OrdersDeps } from '../../src/deps.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { NOWHERE, placing } from './orders.ts'
import { aShippableOrder } from './shipments.ts'

type Stored = { db: Db; deps: Pick<OrdersDeps, 'orders'> }

/** Written as a paid order, whose units have left the stock. */
export async function storePaidOrder({ db, deps }: Stored, over: Partial<Order> = {}): Promise<Order> {
  const order = aShippableOrder({ ...over, status: 'pending', paymentStatus: 'unpaid', capturedAmount: 0 })
  await deps.orders.insert(placing({ ...order, chargedAmount: 0, stockCommitted: false }), NOWHERE)
  await db.execute(sql`
    update orders.orders set status = 'processing', payment_status = 'paid', charged_amount = total, captured_amount = total,
                             stock_committed = true, payment_id = ${order.paymentId}
    where id = ${order.id}`)
  return readOrder(deps, order)
}

export async function readOrder(deps: Pick<OrdersDeps, 'orders'>, { id }: Pick<Order, 'id'>): Promise<Order> {
  const order = await deps.orders.find(id)
  if (order === undefined) throw new Error('No order')
  return order
}

/** Asks again as long as others change the order in between, as clients do. */
export async function settled<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (!JSON.stringify(answer).includes('"order_changed"')) return answer
  }
}
