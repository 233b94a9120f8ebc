import type { LedgerAccount } from '@shop/contracts/payments/states'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { PaymentId, RefundId } from '@shop/kernel/ids'

/** Every kind of entry. Its name and the id of what it is about are the key of its row: a second entry is not booked. */
export const LEDGER_MOVES = {
  captured: { debit: 'stripe', credit: 'sales' },
  refund_reserved: { debit: 'refunds', credit: 'refunds_due' },
  refund_succeeded: { debit: 'refunds_due', credit: 'stripe' },
  /** The refund failed before money left: the reservation is released. */
  refund_failed: { debit: 'refunds_due', credit: 'refunds' },
  /** The money had left and was returned. */
  refund_returned: { debit: 'stripe', credit: 'refunds' },
  /** The refund was recorded as failed, and the money left all the same. */
  refund_late: { debit: 'refunds', credit: 'stripe' },
  dispute_opened: { debit: 'disputes', credit: 'stripe' },
  dispute_won: { debit: 'stripe', credit: 'disputes' },
  dispute_lost: { debit: 'chargebacks', credit: 'disputes' },
  /** The payment was booked as a sale. This makes it a liability until the card is spent. */
  gift_card_sold: { debit: 'sales', credit: 'gift_cards' },
  gift_card_given: { debit: 'gift_card_expense', credit: 'gift_cards' },
  gift_card_spent: { debit: 'gift_cards', credit: 'sales' },
  /** A refund to the gift cards that paid, or to a new one. */
  refund_credited: { debit: 'refunds_due', credit: 'gift_cards' },
  /** An exchange issued more store credit than was left of the order's payments. */
  refund_overdrawn: { debit: 'gift_card_expense', credit: 'gift_cards' },
  /** The card expired, or staff voided it. */
  gift_card_ended: { debit: 'gift_cards', credit: 'gift_card_breakage' },
} as const satisfies Record<string, { debit: LedgerAccount; credit: LedgerAccount }>
export type LedgerMove = keyof typeof LEDGER_MOVES

export type LedgerEntry = {
  id: number
  at: Date
  debit: LedgerAccount
  credit: LedgerAccount
  /** Minor units, above 0. */
  amount: number
  currency: CurrencyCode
  /** Null for gift cards that were issued, expired or voided. */
  paymentId: PaymentId | null
  refundId: RefundId | null
  disputeId: string | null
  key: string
}
