import { opaqueId } from '@shop/kernel/ids'
import { InstantField, line } from '@shop/kernel/text'
import { z } from 'zod'
import type { postalCodes, regions } from '../../places/routes/area-fields.ts'
import { rateOf, type TaxRateChanges } from '../domain/tax-rate.ts'

export const TaxRateId = opaqueId('taxrate_01jd4k2v9rf0fv8z3x1m5q7w2e')

export const rateName = line(100).meta({ description: 'What customers read', example: 'VAT' })

export const taxCategory = line(100).meta({
  description:
    'The `tax_category` of products that it is for. Without one, it is for products whose category has no rate in the area',
  example: 'books',
})

export const rate = z
  .string()
  .max(8)
  .transform((text, context) => {
    const read = rateOf(text)
    if (read !== undefined) return read
    context.addIssue({
      code: 'custom',
      message: 'must be a decimal fraction below 10 with up to 6 digits, such as 0.19',
    })
    return z.NEVER
  })
  .meta({ description: 'A decimal fraction, as text: `0.19` for 19 %', example: '0.19' })

export const priority = z
  .int()
  .min(1)
  .max(100)
  .meta({
    description:
      'Of the rates with one priority, the one that fits best applies. Those of different priorities are charged together, ' +
      'lower ones first',
    example: 1,
  })

export const compound = z.boolean().meta({ description: 'Charged on the taxes before it, too', example: false })

export const validFrom = InstantField.meta({ description: 'From then on', example: '2026-01-01T00:00:00Z' })

export const validTo = InstantField.meta({ description: 'Until before then', example: '2027-01-01T00:00:00Z' })

type TaxRateBody = {
  name?: string | undefined
  country?: string | undefined
  regions?: z.output<typeof regions> | null | undefined
  postal_codes?: z.output<typeof postalCodes> | null | undefined
  tax_category?: string | null | undefined
  rate?: string | undefined
  priority?: number | undefined
  compound?: boolean | undefined
  valid_from?: Date | null | undefined
  valid_to?: Date | null | undefined
}

/** The fields of a body that creates or changes a rate. */
export function toTaxRateChanges({ name, country, regions, rate, priority, ...body }: TaxRateBody): TaxRateChanges {
  return {
    ...{ name, country, regions, rate, priority },
    postalCodes: body.postal_codes,
    taxCategory: body.tax_category,
    isCompound: body.compound,
    validFrom: body.valid_from,
    validTo: body.valid_to,
  }
}
