import { MAX_QUANTITY } from '@shop/contracts/quantities'
import { CatalogId } from '@shop/kernel/ids'
import { Amount, Currency } from '@shop/kernel/money'
import { InstantField, line } from '@shop/kernel/text'
import { z } from 'zod'
import { MAX_CODE_LENGTH } from '../domain/code-key.ts'
import { PROMOTION_TYPES } from '../domain/stored-promotion.ts'

const isDistinct = (values: readonly unknown[]) => new Set(values).size === values.length
const NOT_TWICE = 'must not name a value twice'

export const PROMOTION_ID_EXAMPLE = 'promo_01jd4k2v9rf0fv8z3x1m5q7w2e'

const MOST_IDS = 1_000
export const ids = (of: string) =>
  z
    .array(CatalogId.meta({ description: `Id of a ${of}`, example: 3 }))
    .max(MOST_IDS)
    .refine(isDistinct, NOT_TWICE)

export const name = line(100).meta({ description: 'What buyers read', example: 'Summer sale' })

export const code = line(MAX_CODE_LENGTH).meta({
  description:
    'Compared without case and surrounding blanks; unique among all codes. Without one the promotion applies by itself, unless ' +
    'it has single-use codes',
  example: 'SUMMER-10',
})

export const singleUseCodes = z.boolean().meta({
  description:
    'It is used by single-use codes, which are made later; so it does not apply by itself before there are any',
  example: false,
})

export const type = z.enum(PROMOTION_TYPES).meta({ example: 'percentage' })

export const percent = z
  .union([z.number(), z.string().max(10)])
  .meta({ description: 'Percent above 0 and at most 100, at most 4 decimals: a number or its text', example: 12.5 })

export const amounts = z
  .array(z.strictObject({ currency: Currency, amount: Amount }))
  .min(1)
  .max(200)
  .meta({ description: 'Above 0; each currency once', example: [{ currency: 'EUR', amount: 10 }] })

export const quantity = z.int().min(1).max(MAX_QUANTITY).meta({ description: 'Units', example: 2 })

export const tiers = z
  .array(z.strictObject({ min_quantity: quantity.nullish(), min_subtotal: amounts.nullish(), value: percent }))
  .min(1)
  .max(50)
  .meta({
    description:
      'Each has one of `min_quantity` and `min_subtotal`, above the one before; the highest that is met counts',
    example: [
      { min_quantity: 3, value: 5 },
      { min_quantity: 10, value: 12.5 },
    ],
  })

const countryCode = z
  .string()
  .regex(/^[A-Za-z]{2}$/, 'must be two letters (ISO 3166-1 alpha-2)')
  .transform((text) => text.toUpperCase())

export const countries = z
  .array(countryCode)
  .max(300)
  .refine(isDistinct, NOT_TWICE)
  .meta({ description: 'Only for addresses in any of these', example: ['DE', 'AT'] })

export const customerGroups = z
  .array(line(100))
  .max(100)
  .refine(isDistinct, NOT_TWICE)
  .meta({
    description: 'Ids: only for accounts in any of these groups, never for guests; for everybody when empty',
    example: ['group_01jd4k2v9rf0fv8z3x1m5q7w2e'],
  })

export const firstOrder = z.boolean().meta({ description: 'Only for customers without an order', example: false })

const limit = z.int().min(1).max(1_000_000_000)
export const usageLimit = limit.meta({ description: 'Orders that may use it', example: 100 })
export const usageLimitPerCustomer = limit.meta({
  description: 'Orders of one customer that may use it; guests count by their e-mail address',
  example: 1,
})

const INSTANT = { type: ['string', 'null'], format: 'date-time' } as const
const when = InstantField.nullish()
export const startsAt = when.meta({ ...INSTANT, description: 'From then on', example: '2026-12-01T00:00:00Z' })
export const endsAt = when.meta({ ...INSTANT, description: 'Until just before', example: '2026-12-27T00:00:00Z' })

export const priority = z
  .int()
  .min(-1_000_000)
  .max(1_000_000)
  .meta({ description: 'Lower ones are applied first; 0 when omitted', example: 0 })

export const stackable = z
  .boolean()
  .meta({ description: 'False excludes all others: the buyer gets the better; true when omitted', example: true })
