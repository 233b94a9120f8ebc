import type { GiftCardEntryKind, GiftCardSource, GiftCardStatus } from '@shop/contracts/orders/states'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { GiftCardId, OrderId, OrderLineId, RefundId } from '@shop/kernel/ids'

/** A gift card, or store credit, which is the same. Amounts in minor units of its currency. */
export type GiftCard = {
  id: GiftCardId
  /** The last four characters of its code. */
  lastFour: string
  currency: CurrencyCode
  initialBalance: number
  balance: number
  source: GiftCardSource
  /** The order that bought the card, or whose refund issued it. */
  orderId: OrderId | null
  /** Which unit of which line of that order. */
  lineId: OrderLineId | null
  unit: number | null
  refundId: RefundId | null
  recipientEmail: string | null
  note: string | null
  expiresAt: Date | null
  voidedAt: Date | null
  createdAt: Date
  updatedAt: Date
  version: number
}

/** A change of the balance; `amount` is negative where the balance was reduced. */
export type GiftCardEntry = {
  seq: number
  kind: GiftCardEntryKind
  amount: number
  orderId: OrderId | null
  refundId: RefundId | null
  at: Date
}

/** A card to issue, with the hash of its code. */
export type NewGiftCard = Omit<GiftCard, 'balance' | 'voidedAt' | 'updatedAt' | 'version'> & { codeHash: string }

type Lifetime = Pick<GiftCard, 'balance' | 'expiresAt' | 'voidedAt'>

export function statusOf({ balance, expiresAt, voidedAt }: Lifetime, now: Date): GiftCardStatus {
  if (voidedAt !== null) return 'voided'
  if (expiresAt !== null && expiresAt <= now) return 'expired'
  return balance === 0 ? 'used_up' : 'active'
}

/** Whether the card is voided or expired. To customers such a card looks like an unknown code. */
export function hasEnded(card: Lifetime, now: Date): boolean {
  const status = statusOf(card, now)
  return status === 'voided' || status === 'expired'
}
