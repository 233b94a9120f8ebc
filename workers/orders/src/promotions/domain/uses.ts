import type { UnusableReason } from './running-promotions.ts'

/** What an order uses of a promotion. It uses each promotion once, whatever codes were entered. */
export type NewUse = {
  promotionId: string
  /** As it was entered or made; null for an automatic promotion. */
  code: string | null
  /** What the promotion takes off lines and shipping together, in minor units of the order's currency. */
  amount: number
}

/**
 * The limit because of which an order was not written, and the use that broke it. The use is undefined when the database does
 * not tell which of several it was.
 */
export type BrokenLimit = {
  promotionId: string | undefined
  code: string | null | undefined
  reason: Extract<UnusableReason, 'used_up' | 'used_up_by_customer'>
}
