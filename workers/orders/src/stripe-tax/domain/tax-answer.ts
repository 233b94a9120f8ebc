import type { TaxLine } from '../../pricing/domain/pricing.ts'

/** The taxes of a purchase. `lines` by their position in it. */
export type TaxCalculation = {
  calculationId: string
  lines: ReadonlyMap<number, readonly TaxLine[]>
  shipping: readonly TaxLine[]
  /** Whether the buyer is a business that owes the tax itself. */
  isReversed: boolean
}

/**
 * What came of asking Stripe Tax.
 *
 * - `address_refused`: Stripe does not find the place.
 * - `unavailable`: no answer, or none that can be used, for a reason that names no data of the buyer.
 */
export type TaxAnswer =
  | ({ kind: 'calculated' } & TaxCalculation)
  | { kind: 'address_refused' }
  | { kind: 'unavailable'; reason: string }
