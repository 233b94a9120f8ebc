import { askAll, type Db } from '@shop/db/client'
import { payments } from '@shop/db/schema/payments'
import { statement } from '@shop/db/statement'
import { sql } from 'drizzle-orm'
import { book } from '../../ledger/repository.ts'
import type { Payment } from '../domain/payment.ts'

/** A payment by gift cards: `amount` in minor units; `paidAt`: when the order was placed. */
export type GiftCardPayment = Pick<Payment, 'id' | 'orderId' | 'userId' | 'amount' | 'currency'> & { paidAt: Date }

export const giftCardPayments = (db: Db) => ({
  /** Records the payment of an order by gift cards, with its ledger entry; once for each order. */
  async recordGiftCards({ paidAt, ...paid }: GiftCardPayment): Promise<void> {
    await askAll(db, [insert({ ...paid, at: paidAt.toISOString() })])
  },
})

type Values = Omit<GiftCardPayment, 'paidAt'> & { at: string }

const insert = statement<Values>(() => {
  const p = (name: keyof Values) => sql.placeholder(name)
  return sql`
    with paid as (
      insert into ${payments} (id, order_id, user_id, charge_no, amount, captured_amount, currency, method, state, attempt,
                               observed_at, created_at, updated_at)
      values (${p('id')}, ${p('orderId')}, ${p('userId')}, 0, ${p('amount')}::bigint, ${p('amount')}::bigint, ${p('currency')},
              'gift_card', 'succeeded', 0, ${p('at')}::timestamptz, ${p('at')}::timestamptz, ${p('at')}::timestamptz)
      on conflict (id) do nothing
      returning *
    )
    ${book('gift_card_spent', {
      from: sql`paid`,
      about: sql`id`,
      at: sql`created_at`,
      amount: sql`amount`,
      currency: sql`currency`,
      paymentId: sql`id`,
    })}`
})
