import type { CurrencyCode } from '@shop/kernel/currencies'
import type { OrderId, OrderLineId } from '@shop/kernel/ids'
import { addSeconds, DAY_SECONDS } from '@shop/kernel/time'
import type { Order } from '../../orders/domain/order.ts'
import type { NewGiftCard } from './gift-card.ts'

/** A card that is bought, before it has an id and a code. */
export type SoldCard = Omit<NewGiftCard, 'id' | 'codeHash' | 'lastFour'> & {
  lineId: OrderLineId
  unit: number
  orderId: OrderId
  currency: CurrencyCode
}

/**
 * The gift cards that a paid order bought: one for each unit that was not refunded, with the unit's price as its balance. The code is
 * mailed to the order's account, or to the guest's address.
 *
 * @param days until they expire; null for never
 */
export function soldCardsOf(
  order: Pick<Order, 'id' | 'userId' | 'email' | 'currency' | 'lines'>,
  { now, days }: { now: Date; days: number | null },
): SoldCard[] {
  const expiresAt = days === null ? null : addSeconds(now, days * DAY_SECONDS)
  const recipientEmail = order.userId === null ? order.email : null
  return order.lines
    .filter(({ isGiftCard, unitPrice }) => isGiftCard && unitPrice > 0)
    .flatMap(({ id: lineId, quantity, unitPrice, units }) =>
      Array.from({ length: quantity - units.refunded }, (_, index) => ({
        ...{ currency: order.currency, initialBalance: unitPrice, source: 'sale' as const, orderId: order.id },
        ...{ lineId, unit: index + 1, refundId: null, recipientEmail, note: null, expiresAt, createdAt: now },
      })),
    )
}
