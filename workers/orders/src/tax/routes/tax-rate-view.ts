import { Country } from '@shop/addresses/country'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import { postalCodes, regions } from '../../places/routes/area-fields.ts'
import type { TaxRate } from '../domain/tax-rate.ts'
import { TaxRateId } from './tax-rate-fields.ts'

export const TaxRateView = z
  .strictObject({
    id: TaxRateId,
    name: z.string().meta({ example: 'VAT' }),
    country: Country,
    regions,
    postal_codes: postalCodes,
    tax_category: z.string().nullable().meta({ example: null }),
    rate: z.string().meta({ description: 'A decimal fraction', example: '0.19' }),
    priority: z.int().meta({ example: 1 }),
    compound: z.boolean().meta({ example: false }),
    valid_from: Instant.nullable(),
    valid_to: Instant.nullable(),
    version: z.int().meta({ description: 'Counts its changes', example: 1 }),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: 'TaxRate' })
type TaxRateView = z.infer<typeof TaxRateView>

export const TaxRateResponse = z.strictObject({ rate: TaxRateView }).meta({ id: 'TaxRateResponse' })

/** The answer to a write. */
export const TaxRateWithMessage = z
  .strictObject({ rate: TaxRateView, message: z.string().meta({ example: 'Tax rate created' }) })
  .meta({ id: 'TaxRateWithMessage' })

export function toTaxRateView({ area, ...rate }: TaxRate): TaxRateView {
  return {
    id: rate.id,
    name: rate.name,
    country: area.country,
    regions: [...area.regions],
    postal_codes: [...area.postalCodes],
    tax_category: rate.taxCategory,
    rate: rate.rate,
    priority: rate.priority,
    compound: rate.isCompound,
    valid_from: rate.validFrom?.toISOString() ?? null,
    valid_to: rate.validTo?.toISOString() ?? null,
    version: rate.version,
    created_at: rate.createdAt.toISOString(),
    updated_at: rate.updatedAt.toISOString(),
  }
}
