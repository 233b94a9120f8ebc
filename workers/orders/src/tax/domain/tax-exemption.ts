import type { Id, UserId } from '@shop/kernel/ids'

export type TaxExemptionId = Id<'taxExemption'>

/** An account that pays no tax. Once made, it is only withdrawn. */
export type TaxExemption = {
  id: TaxExemptionId
  userId: UserId
  /** Null for every country. */
  country: string | null
  /** What staff accepted it by, such as the number of a certificate. */
  reason: string
  /** Null for ever. It applies from `validFrom` until before `validTo`. */
  validFrom: Date | null
  validTo: Date | null
  createdAt: Date
}
