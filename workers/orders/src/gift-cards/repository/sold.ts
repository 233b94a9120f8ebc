import type { Db } from '@shop/db/client'
import { orderLines } from '@shop/db/schema/orders-lines'
import type { OrderId, OrderLineId } from '@shop/kernel/ids'
import { sql } from 'drizzle-orm'
import type { Order } from '../../orders/domain/order.ts'
import { ORDER_JSON, type OrderRow, toOrder } from '../../orders/repository/rows.ts'
import type { NewGiftCard } from '../domain/gift-card.ts'
import { cardValues, issueCtes } from './issue.ts'

/** Lines of gift cards. */
export type SoldLines = { orderId: OrderId; lineIds: readonly OrderLineId[] }

export const soldCardRepository = (db: Db) => ({
  /**
   * Paid orders whose gift cards are not issued, by id. While less was captured than was charged, nobody knows whether the cards are
   * paid. Index: order_lines_unissued.
   */
  async listUnissued({ after = '', limit }: { after?: string | undefined; limit: number }): Promise<Order[]> {
    const { rows } = await db.execute<OrderRow>(sql`
      select ${ORDER_JSON} as order from orders.orders o
      where o.id in (select line.order_id from ${orderLines} line
                     where line.is_gift_card and not line.gift_cards_issued and line.order_id > ${after})
        and o.status <> 'cancelled' and o.payment_status in ('paid', 'partially_refunded') and o.stock_committed
        and o.captured_amount >= o.charged_amount
      order by o.id limit ${limit}`)
    return rows.map(toOrder)
  },

  /** Issues the cards of lines of an order, and marks these. Those that were issued before stay as they are. */
  async issueSold({ orderId, lineIds }: SoldLines, cards: readonly NewGiftCard[]): Promise<void> {
    await db.execute(sql`
      with marked as (
        update ${orderLines} line set gift_cards_issued = true
        where line.order_id = ${orderId} and line.id in (select jsonb_array_elements_text(${JSON.stringify(lineIds)}::jsonb))
      ),
      ${issueCtes(sql`${cardValues(cards)}`)}
      select id from issued_cards`)
  },
})
