import { hasScope } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import { CatalogId } from '@shop/kernel/ids'
import { Amount, toMajor } from '@shop/kernel/money'
import { z } from 'zod'
import type { Price } from '../../prices/domain/price-list.ts'
import type { PricedVariant } from '../../prices/domain/priced-product.ts'
import { PriceView, toPriceView } from '../../prices/routes/price-fields.ts'
import { INVENTORY_POLICIES, isInStock } from '../domain/variant.ts'
import { VariantId } from './variant-fields.ts'

const shape = {
  id: VariantId,
  sku: z.string().nullable().meta({ example: 'TEE-M' }),
  barcode: z.string().nullable().meta({ example: '4006381333931' }),
  options: z
    .record(z.string(), z.string())
    .meta({ description: 'One value for each option of the product', example: { size: 'M' } }),
  price: Amount.meta({
    description:
      'What it costs now. To staff: its price without dates, which they edit; `current_price` is what it costs',
  }),
  compare_at_price: Amount.nullable().meta({ description: 'What it cost before, or elsewhere', example: 24.99 }),
  currency: z.string().meta({ example: 'USD' }),
  currencies: z
    .array(z.string())
    .meta({ description: 'In which it is sold now, its first one first', example: ['USD', 'EUR'] }),
  weight_grams: z.int().nullable().meta({ example: 180 }),
  stock_quantity: z.int().meta({ description: 'Units that can be bought now', example: 50 }),
  in_stock: z.boolean().meta({ description: 'Whether it can be bought', example: true }),
  inventory_policy: z
    .enum(INVENTORY_POLICIES)
    .meta({ description: '`continue` sells more than there is', example: 'deny' }),
  low_stock_threshold: z.int().nullable().optional().meta({ description: 'Shown to staff only', example: 5 }),
  current_price: Amount.optional().meta({ description: 'What it costs now. Shown to staff only', example: 17.99 }),
  prices: z.array(PriceView).optional().meta({ description: 'Prices beside `price`. Shown to staff only' }),
  metadata: z.record(z.string(), z.string()).optional().meta({ description: 'Shown to staff only', example: {} }),
}

export const VariantView = z.strictObject(shape).meta({ id: 'Variant' })
export type VariantView = z.infer<typeof VariantView>

/** A variant that is shown without its product. */
export const VariantOfProductView = z.strictObject({ ...shape, product_id: CatalogId }).meta({ id: 'VariantOfProduct' })

/** The answer to a write. */
export const VariantWithMessage = z
  .strictObject({ variant: VariantOfProductView, message: z.string().meta({ example: 'Variant created' }) })
  .meta({ id: 'VariantWithMessage' })

export function toVariantView(variant: PricedVariant, caller: Caller): VariantView {
  const { currency, currencies } = variant.shown
  const { price, compareAtPrice } = shownPrice(variant, caller)
  return {
    id: variant.id,
    sku: variant.sku,
    barcode: variant.barcode,
    options: variant.options,
    price: toMajor(price, currency),
    compare_at_price: compareAtPrice === null ? null : toMajor(compareAtPrice, currency),
    currency,
    currencies,
    weight_grams: variant.weightGrams,
    stock_quantity: variant.available,
    in_stock: isInStock(variant),
    inventory_policy: variant.inventoryPolicy,
    ...(hasScope(caller, 'products:read') ? staffFields(variant) : {}),
  }
}

/** To staff the price that they edit, so that a form saved unchanged does not make a sale price the regular one. */
export const shownPrice = ({ shown }: PricedVariant, caller: Caller): Price =>
  hasScope(caller, 'products:read') ? shown.regular : shown.current

const staffFields = (variant: PricedVariant) => ({
  low_stock_threshold: variant.lowStockThreshold,
  current_price: toMajor(variant.shown.current.price, variant.shown.currency),
  prices: variant.prices.map(toPriceView),
  metadata: variant.metadata,
})

export function toVariantOfProductView(productId: number, variant: PricedVariant, caller: Caller) {
  return { ...toVariantView(variant, caller), product_id: productId }
}
