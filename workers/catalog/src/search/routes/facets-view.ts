import type { CurrencyCode } from '@shop/kernel/currencies'
import { Amount, toMajor } from '@shop/kernel/money'
import { z } from 'zod'
import { CategoryId } from '../../categories/routes/category-fields.ts'
import type { Facets } from '../domain/facets.ts'

const count = z.int().meta({ description: 'Products of the list that have it', example: 12 })

const FacetValue = z.strictObject({ value: z.string().meta({ example: 'M' }), count }).meta({ id: 'FacetValue' })

const PriceRange = z.strictObject({ min: Amount, max: Amount, count }).meta({ id: 'PriceRange' })

export const FacetsView = z
  .strictObject({
    categories: z
      .array(z.strictObject({ id: CategoryId, slug: z.string(), name: z.string(), count }))
      .meta({ description: 'Each with the products of the categories below it' }),
    brands: z.array(FacetValue),
    prices: z
      .strictObject({ min: Amount, max: Amount, ranges: z.array(PriceRange) })
      .nullable()
      .meta({ description: 'Lowest prices of the products, in one currency. Both ends of a range count' }),
    options: z.array(z.strictObject({ name: z.string().meta({ example: 'size' }), values: z.array(FacetValue) })),
    attributes: z
      .array(z.strictObject({ key: z.string(), label: z.string(), values: z.array(FacetValue) }))
      .meta({ description: 'Those that are declared for filtering' }),
    in_stock: z.array(z.strictObject({ value: z.literal(true), count })),
    approximate: z
      .literal(true)
      .optional()
      .meta({ description: 'Of more than 10,000 products some are counted. Absent while the counts are exact' }),
  })
  .meta({ id: 'Facets', description: 'The filter by a facet does not narrow its own counts' })

export function toFacetsView(facets: Facets, currency: CurrencyCode): z.infer<typeof FacetsView> {
  const { categories, brands, prices, options, attributes, inStock, isApproximate } = facets
  const major = (amount: number) => toMajor(amount, currency)
  const ranges = prices?.ranges.map(({ min, max, count }) => ({ min: major(min), max: major(max), count })) ?? []
  return {
    categories,
    brands,
    prices: prices === undefined ? null : { min: major(prices.min), max: major(prices.max), ranges },
    options,
    attributes,
    in_stock: [{ value: true, count: inStock }],
    ...(isApproximate ? { approximate: true } : {}),
  }
}
