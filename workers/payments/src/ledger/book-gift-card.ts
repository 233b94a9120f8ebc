import type { ShopEvent } from '@shop/contracts/events/catalogue'
import type { GiftCardSource } from '@shop/contracts/orders/states'
import { currency } from '@shop/kernel/currencies'
import type { PaymentsDeps } from '../deps.ts'
import type { LedgerMove } from './domain/ledger.ts'

/** Store credit is booked with its refund, which may be made in parts. */
const ISSUED: Record<GiftCardSource, LedgerMove | undefined> = {
  sale: 'gift_card_sold',
  staff: 'gift_card_given',
  refund: undefined,
  exchange: undefined,
}

/** Books the liability of a gift card that was issued, or its end when the card expired or was voided; once for each event. */
export async function bookGiftCard(
  deps: Pick<PaymentsDeps, 'ledger'>,
  { type, payload, createdAt }: ShopEvent<'gift_card.issued' | 'gift_card.ended'>,
): Promise<boolean> {
  const move = type === 'gift_card.ended' ? 'gift_card_ended' : ISSUED[payload.source]
  if (move === undefined) return true
  const { giftCardId, amount } = payload
  await deps.ledger.book(move, { about: giftCardId, amount, currency: currency(payload.currency), at: createdAt })
  return true
}
