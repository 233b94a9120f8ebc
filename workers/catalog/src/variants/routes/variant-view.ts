import { type Caller, isStaff } from '@shop/kernel/caller'
import { CatalogId } from '@shop/kernel/ids'
import { Amount, toMajor } from '@shop/kernel/money'
import { z } from 'zod'
import { INVENTORY_POLICIES, isInStock, type Variant } from '../domain/variant.ts'
import { VariantId } from './variant-fields.ts'

const shape = {
  id: VariantId,
  sku: z.string().nullable().meta({ example: 'TEE-M' }),
  barcode: z.string().nullable().meta({ example: '4006381333931' }),
  options: z
    .record(z.string(), z.string())
    .meta({ description: 'One value for each option of the product', example: { size: 'M' } }),
  price: Amount,
  compare_at_price: Amount.nullable().meta({ description: 'What it cost before, or elsewhere', example: 24.99 }),
  currency: z.string().meta({ example: 'USD' }),
  weight_grams: z.int().nullable().meta({ example: 180 }),
  stock_quantity: z.int().meta({ description: 'Units that can be bought now', example: 50 }),
  in_stock: z.boolean().meta({ description: 'Whether it can be bought', example: true }),
  inventory_policy: z
    .enum(INVENTORY_POLICIES)
    .meta({ description: '`continue` sells more than there is', example: 'deny' }),
  low_stock_threshold: z.int().nullable().optional().meta({ description: 'Shown to staff only', example: 5 }),
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

export function toVariantView(variant: Variant, caller: Caller): VariantView {
  const { currency, compareAtPrice } = variant
  return {
    id: variant.id,
    sku: variant.sku,
    barcode: variant.barcode,
    options: variant.options,
    price: toMajor(variant.price, currency),
    compare_at_price: compareAtPrice === null ? null : toMajor(compareAtPrice, currency),
    currency,
    weight_grams: variant.weightGrams,
    stock_quantity: variant.available,
    in_stock: isInStock(variant),
    inventory_policy: variant.inventoryPolicy,
    ...(isStaff(caller) ? { low_stock_threshold: variant.lowStockThreshold, metadata: variant.metadata } : {}),
  }
}

export function toVariantOfProductView(productId: number, variant: Variant, caller: Caller) {
  return { ...toVariantView(variant, caller), product_id: productId }
}
