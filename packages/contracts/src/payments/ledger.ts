import type { CurrencyCode, PaymentId, RefundId } from '@shop/kernel'

/**
 * The accounts of the payments ledger.
 *
 * - `stripe`: money of ours at Stripe. Its balance for a payment is what was captured less what went back.
 * - `sales`: what customers paid.
 * - `refunds`: what was resolved to be given back of it.
 * - `refunds_due`: the part of that which has not left yet: what refunds under way have reserved.
 * - `disputes`: what banks have taken back while they look into it. `chargebacks`: what they kept.
 */
export const LEDGER_ACCOUNTS = ['stripe', 'sales', 'refunds', 'refunds_due', 'disputes', 'chargebacks'] as const
export type LedgerAccount = (typeof LEDGER_ACCOUNTS)[number]

/** Everything that is ever booked. The name, and what it is about, is the key of its row: booked twice is booked once. */
export const LEDGER_MOVES = {
  captured: { debit: 'stripe', credit: 'sales' },
  refund_reserved: { debit: 'refunds', credit: 'refunds_due' },
  refund_succeeded: { debit: 'refunds_due', credit: 'stripe' },
  /** Nothing left: the reservation is free again. */
  refund_failed: { debit: 'refunds_due', credit: 'refunds' },
  /** It had left, and came back. */
  refund_returned: { debit: 'stripe', credit: 'refunds' },
  /** It had been given up, and left all the same. */
  refund_late: { debit: 'refunds', credit: 'stripe' },
  dispute_opened: { debit: 'disputes', credit: 'stripe' },
  dispute_won: { debit: 'stripe', credit: 'disputes' },
  dispute_lost: { debit: 'chargebacks', credit: 'disputes' },
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
  paymentId: PaymentId
  refundId: RefundId | null
  disputeId: string | null
  key: string
}
