import { opaqueId } from '@shop/kernel/ids'
import { Amount, Currency } from '@shop/kernel/money'
import { line } from '@shop/kernel/text'
import { z } from 'zod'
import type { OptionChanges } from '../domain/decide-option.ts'
import { PRICINGS } from '../domain/option.ts'

export const OptionId = opaqueId('shopt_01jd4k2v9rf0fv8z3x1m5q7w2e')

const grams = z.int().min(0).max(1_000_000_000)

const BandPriceBody = z
  .strictObject({
    currency: Currency,
    amount: Amount.meta({ description: 'Of the parcel, or of each item, in major units; may be 0', example: 4.9 }),
    from_weight_grams: grams.optional().meta({ description: 'With `by_weight`: the weight from which this applies' }),
    from_subtotal: Amount.optional().meta({ description: 'With `by_subtotal`: the subtotal from which this applies' }),
  })
  .meta({ id: 'ShippingPrice' })

const FreeFromBody = z.strictObject({ currency: Currency, amount: Amount.meta({ example: 50 }) })

export const optionName = line(100).meta({ example: 'Standard' })
export const estimate = line(100).meta({ description: 'What customers read', example: '2 to 4 days' })
export const pickup = z.boolean().meta({ description: 'Whether the customer collects it', example: false })
export const pricing = z.enum(PRICINGS).meta({
  description: 'One price for the parcel, a price for each item, or a price by the weight or the subtotal of the items',
  example: 'flat',
})
export const prices = z
  .array(BandPriceBody)
  .min(1)
  .max(500)
  .meta({
    description:
      'One for each currency, and for each band of weight or subtotal. A band ends where the next one begins; the option is ' +
      'not offered below the first one, nor in another currency',
    example: [{ currency: 'USD', amount: 4.9 }],
  })
export const freeFrom = z
  .array(FreeFromBody)
  .max(200)
  .meta({ description: 'Subtotals from which it is free', example: [{ currency: 'USD', amount: 50 }] })
export const maxWeightGrams = grams
  .min(1)
  .meta({ description: 'Not offered above this weight of all items', example: 30_000 })
export const excludedShippingClasses = z
  .array(line(100))
  .max(100)
  .meta({ description: 'Not offered with an item of these shipping classes', example: ['bulky'] })

type OptionBody = {
  name?: string | undefined
  estimate?: string | null | undefined
  pickup?: boolean | undefined
  pricing?: (typeof PRICINGS)[number] | undefined
  prices?: z.output<typeof prices> | undefined
  free_from?: z.output<typeof freeFrom> | null | undefined
  max_weight_grams?: number | null | undefined
  excluded_shipping_classes?: string[] | null | undefined
}

/** The fields of a body that creates or changes an option. */
export function toOptionChanges({ name, estimate, pricing, ...body }: OptionBody): OptionChanges {
  return {
    ...{ name, estimate, pricing },
    isPickup: body.pickup,
    prices: body.prices?.map(({ from_weight_grams: fromWeightGrams, from_subtotal: fromSubtotal, ...price }) => ({
      ...price,
      fromWeightGrams,
      fromSubtotal,
    })),
    freeFrom: body.free_from,
    maxWeightGrams: body.max_weight_grams,
    excludedShippingClasses: body.excluded_shipping_classes,
  }
}
