import type { DiscrepancyKind } from '@shop/contracts/payments/states'
import type { PaymentId } from '@shop/kernel/ids'

/** A difference without one right answer, which a person has to resolve. */
export type Discrepancy = {
  id: number
  kind: DiscrepancyKind
  /** Stripe's id of the PaymentIntent or refund that differs. */
  subject: string
  paymentId: PaymentId | null
  /** The value on each side, such as `25 USD`; null where it has none. */
  stripe: string | null
  shop: string | null
  foundAt: Date
}

export type NewDiscrepancy = Omit<Discrepancy, 'id'>
