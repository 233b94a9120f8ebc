import type { CurrencyCode } from '@shop/kernel/currencies'
import type { GiftCardId, OrderId, RefundId, UserId } from '@shop/kernel/ids'
import type { Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrderErased, OrderNotFound } from './failures.ts'

/** Part of a refund, in minor units of the order's currency. Each refund is credited once, by its id. */
export type GiftCardCredit = { orderId: OrderId; refundId: RefundId; amount: number; currency: CurrencyCode }

/** What the mail with the code of a gift card needs. Amount in minor units. */
export type GiftCardMail = {
  giftCardId: GiftCardId
  /** As it is shown. */
  code: string
  amount: number
  currency: CurrencyCode
  expiresAt: Date | null
  /** The account that gets it, or else the address. */
  userId: UserId | null
  email: string | null
}

/** What payments asks of gift cards when it refunds, and notifications when it mails their codes. */
export interface GiftCardsRpc {
  /** Gives an amount back to the gift cards that paid the order. More than they paid is a bug, and throws. */
  creditGiftCards(credits: GiftCardCredit[]): Promise<Result<Result<undefined, OrderNotFound>[], ServiceUnavailable>>

  /**
   * Gives the customer of the order a new gift card, by mail, in place of money. Refused for an order whose customer was erased: nobody
   * would learn of the code.
   */
  issueStoreCredit(
    credits: GiftCardCredit[],
  ): Promise<Result<Result<undefined, OrderErased | OrderNotFound>[], ServiceUnavailable>>

  /** The codes of cards that are mailed to somebody; one that staff ended, or that nobody is mailed, is missing. At most 100. */
  giftCardMails(request: { giftCardIds: string[] }): Promise<Result<GiftCardMail[], ServiceUnavailable>>
}
