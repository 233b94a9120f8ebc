import type { CurrencyCode } from '@shop/kernel/currencies'
import type { OrderId, RefundId } from '@shop/kernel/ids'
import type { Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrderNotFound } from './failures.ts'

/** Part of a refund, in minor units of the order's currency. Each refund is credited once, by its id. */
export type GiftCardCredit = { orderId: OrderId; refundId: RefundId; amount: number; currency: CurrencyCode }

/** What payments asks of gift cards when it refunds. */
export interface GiftCardsRpc {
  /** Gives an amount back to the gift cards that paid the order. More than they paid is a bug, and throws. */
  creditGiftCards(credits: GiftCardCredit[]): Promise<Result<Result<undefined, OrderNotFound>[], ServiceUnavailable>>

  /** Gives the customer of the order a new gift card, by mail, in place of money. */
  issueStoreCredit(credits: GiftCardCredit[]): Promise<Result<Result<undefined, OrderNotFound>[], ServiceUnavailable>>
}
