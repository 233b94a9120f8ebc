import type { CurrencyCode } from '@shop/kernel/currencies'
import type { GiftCardId, OrderId, RefundId, UserId } from '@shop/kernel/ids'
import type { Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrderErased, OrderNotFound } from './failures.ts'

/** A part of a refund that goes to gift cards; `amount` in minor units. Each refund is credited once, by `refundId`. */
export type GiftCardCredit = { orderId: OrderId; refundId: RefundId; amount: number; currency: CurrencyCode }

/** What the mail with the code of a gift card needs. Amount in minor units. */
export type GiftCardMail = {
  giftCardId: GiftCardId
  /** In groups of four characters with dashes, as customers read it. */
  code: string
  amount: number
  currency: CurrencyCode
  expiresAt: Date | null
  /** The account that the mail is sent to; null if it is sent to `email`. */
  userId: UserId | null
  email: string | null
}

/** Gift cards for other workers: payments refunds to them, notifications mails their codes. */
export interface GiftCardsRpc {
  /**
   * Refunds amounts to the gift cards that paid the orders. A cancelled order is left as it is: its cancellation has returned everything.
   *
   * @throws RangeError when a credit exceeds what the cards paid
   */
  creditGiftCards(credits: GiftCardCredit[]): Promise<Result<Result<undefined, OrderNotFound>[], ServiceUnavailable>>

  /**
   * Gives the customer of the order a new gift card, by mail, in place of money. Refused for an order whose customer was erased: nobody
   * would learn of the code.
   */
  issueStoreCredit(
    credits: GiftCardCredit[],
  ): Promise<Result<Result<undefined, OrderErased | OrderNotFound>[], ServiceUnavailable>>

  /** The mails with the codes of at most 100 cards. Voided cards and cards without a recipient are left out. */
  giftCardMails(request: { giftCardIds: string[] }): Promise<Result<GiftCardMail[], ServiceUnavailable>>
}
