import { Amount, Currency, toMajor } from '@shop/kernel/money'
import { filterText, Instant, InstantField } from '@shop/kernel/text'
import { z } from 'zod'
import { type FurtherPrice, MAX_PRICES, type PriceDraft } from '../domain/price-list.ts'

const when = InstantField.nullable().optional()

const INSTANT = { type: 'string', format: 'date-time' } as const
const compareAtPrice = Amount.nullable().meta({ description: 'What it cost before, or elsewhere', example: 24.99 })

/** What `prices` of a variant takes. */
export const pricesField = z
  .array(
    z.strictObject({
      currency: Currency,
      amount: Amount,
      compare_at_price: compareAtPrice.optional(),
      starts_at: when.meta({ ...INSTANT, description: 'From then on', example: '2026-12-01T00:00:00Z' }),
      ends_at: when.meta({ ...INSTANT, description: 'Until just before', example: '2026-12-27T00:00:00Z' }),
    }),
  )
  .max(MAX_PRICES)
  .meta({
    description:
      'Prices beside `price`. One without dates is the regular price in another currency; one with dates is in force ' +
      'between them, in any currency, and begins and ends by itself. Of several in force the one that started last counts',
    example: [{ currency: 'EUR', amount: 18.99 }],
  })

export const PriceView = z
  .strictObject({
    currency: z.string().meta({ example: 'EUR' }),
    amount: Amount,
    compare_at_price: compareAtPrice,
    starts_at: Instant.nullable(),
    ends_at: Instant.nullable(),
  })
  .meta({ id: 'VariantPrice' })

export const CurrencyParam = filterText(20).pipe(Currency.optional()).meta({
  type: 'string',
  description:
    'ISO 4217 code, in any case: shows what is sold in it, with its prices. Default: the first currency of the product',
  example: 'EUR',
})

export const toPriceDrafts = (prices: z.output<typeof pricesField> | undefined): PriceDraft[] | undefined =>
  prices?.map((price) => ({
    currency: price.currency,
    amount: price.amount,
    compareAtPrice: price.compare_at_price,
    startsAt: price.starts_at,
    endsAt: price.ends_at,
  }))

export const toPriceView = ({ currency, price, compareAtPrice, startsAt, endsAt }: FurtherPrice) => ({
  currency,
  amount: toMajor(price, currency),
  compare_at_price: compareAtPrice === null ? null : toMajor(compareAtPrice, currency),
  starts_at: startsAt?.toISOString() ?? null,
  ends_at: endsAt?.toISOString() ?? null,
})
