import type { CurrencyCode } from '@shop/kernel/currencies'
import type { PaymentId } from '@shop/kernel/ids'

/**
 * A bank has withdrawn money for its customer, or only inquires (`warning_…`).
 * Source: https://docs.stripe.com/api/disputes/object#dispute_object-status
 */
export type Dispute = {
  /** Stripe's id. */
  id: string
  paymentId: PaymentId
  /** Minor units. */
  amount: number
  currency: CurrencyCode
  reason: string
  status: string
  /** Deadline for evidence. */
  evidenceDueAt: Date | null
  createdAt: Date
  closedAt: Date | null
}

/** A dispute as Stripe reports it; amount in minor units. */
export type DisputeReport = Omit<Dispute, 'paymentId'> & {
  intentId: string
  /** Whether the bank withdrew the money, and whether it came back because the shop won. */
  isWithdrawn: boolean
  isReinstated: boolean
}
