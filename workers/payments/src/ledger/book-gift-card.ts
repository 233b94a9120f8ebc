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

/**
 * Books what the shop owes on a gift card that was issued, or no longer owes on one that ended; once for each event. A card is issued
 * once, but ends again when it has got something back in the meantime: it expires once more, or staff void it once more.
 */
export async function bookGiftCard(
  deps: Pick<PaymentsDeps, 'ledger'>,
  { type, payload, sequence, createdAt }: ShopEvent<'gift_card.issued' | 'gift_card.ended'>,
): Promise<boolean> {
  const isEnd = type === 'gift_card.ended'
  const move = isEnd ? 'gift_card_ended' : ISSUED[payload.source]
  if (move === undefined) return true
  const { giftCardId, amount } = payload
  const about = isEnd ? `${giftCardId}:${sequence}` : giftCardId
  await deps.ledger.book(move, { about, amount, currency: currency(payload.currency), at: createdAt })
  return true
}
