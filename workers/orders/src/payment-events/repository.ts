import type { CapturedPayment } from '@shop/contracts'
import type { Db } from '@shop/db'
import { sql } from 'drizzle-orm'
import type { Order } from '../orders/domain/order.ts'
import { findStatement, type OrderRow, toOrder } from '../orders/repository/rows.ts'

export type CaptureRepository = ReturnType<typeof captureRepository>

export const captureRepository = (db: Db) => ({
  /**
   * Marks a pending order paid by this payment and reads the order as it is afterwards. One round trip for what nearly
   * every capture does.
   *
   * @returns `captured` is false when the order was not pending or has another total: the caller decides from the order as
   * it is. `order` is undefined when it does not exist.
   */
  async capturePending(payment: CapturedPayment, now: Date): Promise<{ captured: boolean; order: Order | undefined }> {
    const [captured, found] = await db.batch([
      db.execute(captureStatement(payment, now)),
      db.execute<OrderRow>(findStatement(payment.orderId)),
    ])
    const [row] = found.rows
    return { captured: captured.rows.length === 1, order: row && toOrder(row) }
  },
})

const captureStatement = ({ orderId, paymentId, amount, captured, currency }: CapturedPayment, now: Date) => sql`
  with captured as (
    update orders.orders
    set status = 'processing', payment_status = 'paid', payment_id = ${paymentId}, captured_amount = ${captured},
        updated_at = ${now.toISOString()}, version = version + 1
    where id = ${orderId} and status = 'pending' and payment_status = 'unpaid' and payment_id is null
      and total = ${amount} and currency = ${currency} and ${captured}::bigint between 1 and total
    returning id, version, payment_id, captured_amount, updated_at
  )
  insert into orders.order_events (order_id, seq, type, at, actor, data)
  select id, version, 'paid', updated_at, '{"kind":"system"}'::jsonb,
         jsonb_build_object('amount', captured_amount, 'paymentId', payment_id)
  from captured returning seq`
