import { Amount, toMajor } from '@shop/kernel/money'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import { type BandPrice, PRICINGS, type PricingKind, type ShippingOption } from '../domain/option.ts'
import { OptionId } from './option-fields.ts'
import { ZoneId } from './zone-view.ts'

const code = z.string().meta({ example: 'USD' })

const BandPriceView = z.strictObject({
  currency: code,
  amount: Amount.meta({ example: 4.9 }),
  from_weight_grams: z.int().optional(),
  from_subtotal: Amount.optional(),
})
type BandPriceView = z.infer<typeof BandPriceView>

export const OptionView = z
  .strictObject({
    id: OptionId,
    zone_id: ZoneId,
    name: z.string().meta({ example: 'Standard' }),
    estimate: z.string().nullable().meta({ example: '2 to 4 days' }),
    pickup: z.boolean().meta({ example: false }),
    pricing: z.enum(PRICINGS).meta({ example: 'flat' }),
    prices: z.array(BandPriceView),
    free_from: z.array(z.strictObject({ currency: code, amount: Amount })),
    max_weight_grams: z.int().nullable().meta({ example: 30_000 }),
    excluded_shipping_classes: z.array(z.string()).meta({ example: ['bulky'] }),
    version: z.int().meta({ description: 'Counts its changes', example: 1 }),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: 'ShippingOption' })
type OptionView = z.infer<typeof OptionView>

export const OptionResponse = z.strictObject({ option: OptionView }).meta({ id: 'ShippingOptionResponse' })

/** The answer to a write. */
export const OptionWithMessage = z
  .strictObject({ option: OptionView, message: z.string().meta({ example: 'Shipping option created' }) })
  .meta({ id: 'ShippingOptionWithMessage' })

export function toOptionView(option: ShippingOption): OptionView {
  return {
    id: option.id,
    zone_id: option.zoneId,
    name: option.name,
    estimate: option.estimate,
    pickup: option.isPickup,
    pricing: option.pricing,
    prices: option.prices.map((price) => toBandPriceView(price, option.pricing)),
    free_from: option.freeFrom.map(({ currency, amount }) => ({ currency, amount: toMajor(amount, currency) })),
    max_weight_grams: option.maxWeightGrams,
    excluded_shipping_classes: [...option.excludedShippingClasses],
    version: option.version,
    created_at: option.createdAt.toISOString(),
    updated_at: option.updatedAt.toISOString(),
  }
}

/** As staff would send it. */
function toBandPriceView({ currency, amount, from }: BandPrice, pricing: PricingKind): BandPriceView {
  const price = { currency, amount: toMajor(amount, currency) }
  if (pricing === 'by_weight') return { ...price, from_weight_grams: from }
  return pricing === 'by_subtotal' ? { ...price, from_subtotal: toMajor(from, currency) } : price
}
