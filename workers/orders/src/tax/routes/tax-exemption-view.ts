import { Country } from '@shop/addresses/country'
import { opaqueId } from '@shop/kernel/ids'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import type { TaxExemption } from '../domain/tax-exemption.ts'

export const TaxExemptionId = opaqueId('taxexempt_01jd4k2v9rf0fv8z3x1m5q7w2e')

export const ExemptUserId = opaqueId('user_01jd4k2v9rf0fv8z3x1m5q7w2e')

export const TaxExemptionView = z
  .strictObject({
    id: TaxExemptionId,
    user_id: ExemptUserId,
    country: Country.nullable().meta({ description: 'Null for every country' }),
    reason: z.string().meta({ example: 'Resale certificate 4711' }),
    valid_from: Instant.nullable(),
    valid_to: Instant.nullable(),
    created_at: Instant,
  })
  .meta({ id: 'TaxExemption' })
type TaxExemptionView = z.infer<typeof TaxExemptionView>

export function toTaxExemptionView(exemption: TaxExemption): TaxExemptionView {
  return {
    id: exemption.id,
    user_id: exemption.userId,
    country: exemption.country,
    reason: exemption.reason,
    valid_from: exemption.validFrom?.toISOString() ?? null,
    valid_to: exemption.validTo?.toISOString() ?? null,
    created_at: exemption.createdAt.toISOString(),
  }
}
