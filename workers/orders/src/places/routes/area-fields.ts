import { Country } from '@shop/addresses/country'
import { line } from '@shop/kernel/text'
import { z } from 'zod'
import type { Area } from '../domain/area.ts'
import type { AreaDraft } from '../domain/decide-area.ts'
import type { PostalCodes } from '../domain/postal-codes.ts'

const digits = z
  .string()
  .max(20)
  .refine((text) => /^\d+$/.test(text), 'must be digits')

const prefix = z
  .string()
  .max(20)
  .refine(
    (text) => /^[A-Za-z\d][A-Za-z\d -]*$/.test(text),
    'must be letters and digits, and spaces or hyphens between them',
  )

const PostalCodesBody: z.ZodType<PostalCodes> = z
  .union([
    z.strictObject({ prefix: prefix.meta({ example: '902' }) }),
    z.strictObject({ from: digits.meta({ example: '90001' }), to: digits.meta({ example: '90299' }) }),
  ])
  .meta({ description: 'Codes that begin with a prefix, or a range of digits that are as many in both ends' })

export const regions = z
  .array(line(100))
  .max(200)
  .meta({ description: 'Codes of ISO 3166-2 without the country. Empty: the whole country', example: ['CA'] })

export const postalCodes = z.array(PostalCodesBody).max(500).meta({ description: 'Any of these. Empty: all' })

export const AreaBody = z.strictObject({
  country: Country,
  regions: regions.optional(),
  postal_codes: postalCodes.optional(),
})

export function toAreaDraft({ country, regions, postal_codes: postalCodes }: z.output<typeof AreaBody>): AreaDraft {
  return { country, regions, postalCodes }
}

export const AreaView = z
  .strictObject({ country: Country, regions, postal_codes: postalCodes })
  .meta({ id: 'Area', description: 'A country, or the regions and postal codes of it' })

export function toAreaView({ country, regions, postalCodes }: Area): z.infer<typeof AreaView> {
  return { country, regions: [...regions], postal_codes: [...postalCodes] }
}
