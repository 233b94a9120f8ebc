import { CatalogId, CatalogIdParam } from '@shop/kernel/ids'
import { MetadataField, MetadataPatch } from '@shop/kernel/metadata'
import { Amount } from '@shop/kernel/money'
import { line } from '@shop/kernel/text'
import { z } from 'zod'
import { pricesField, toPriceDrafts } from '../../prices/routes/price-fields.ts'
import { lowStockThreshold, stockChange, stockQuantity } from '../../products/routes/stock-fields.ts'
import type { VariantDraft } from '../domain/new-variant.ts'
import { MAX_OPTIONS, MAX_VALUES } from '../domain/options.ts'
import { INVENTORY_POLICIES } from '../domain/variant.ts'
import type { VariantChanges } from '../domain/variant-changes.ts'

export const VariantId = CatalogId.meta({ description: 'Variant id', example: 12 })

export const VariantIdParam = CatalogIdParam.meta({ type: 'integer', description: 'Variant id', example: 12 })

export const sku = line(100).meta({ description: 'Unique among the variants of the shop', example: 'TEE-M' })

const optionName = line(40).meta({ example: 'size' })
const optionValue = line(100)

const barcode = line(50).meta({ description: 'GTIN, EAN or another code', example: '4006381333931' })
const options = z
  .record(optionName, optionValue)
  .meta({ description: 'One value for each option of the product', example: { size: 'M' } })
const compareAtPrice = Amount.nullable().meta({ description: 'What it cost before, or elsewhere', example: 24.99 })
const weightGrams = z.int().min(0).max(1_000_000_000).meta({ example: 180 })
const inventoryPolicy = z.enum(INVENTORY_POLICIES).meta({
  description:
    '`continue` sells more than there is. A new variant of a gift card has it unless told otherwise, others `deny`',
  example: 'deny',
})

export const productOptions = z
  .array(z.strictObject({ name: optionName, values: z.array(optionValue).min(1).max(MAX_VALUES) }))
  .max(MAX_OPTIONS)
  .meta({
    description: 'What its variants differ in, and the values there are, in order',
    example: [{ name: 'size', values: ['S', 'M', 'L'] }],
  })

export const VariantBody = z
  .strictObject({
    sku: sku.nullable().optional(),
    barcode: barcode.nullable().optional(),
    options: options.optional(),
    price: Amount,
    compare_at_price: compareAtPrice.optional(),
    prices: pricesField.optional(),
    weight_grams: weightGrams.nullable().optional(),
    stock_quantity: stockQuantity.optional().meta({ description: 'Opening stock; 0 when omitted', example: 50 }),
    low_stock_threshold: lowStockThreshold,
    inventory_policy: inventoryPolicy.optional(),
    metadata: MetadataField.optional(),
  })
  .meta({ id: 'CreateVariantRequest' })

export const UpdateVariantBody = stockChange({
  sku: sku.nullable().optional(),
  barcode: barcode.nullable().optional(),
  options: options.optional().meta({ description: 'Those that are not named stay', example: { size: 'L' } }),
  price: Amount.optional(),
  compare_at_price: compareAtPrice.optional(),
  prices: pricesField.nullable().optional(),
  weight_grams: weightGrams.nullable().optional(),
  low_stock_threshold: lowStockThreshold,
  inventory_policy: inventoryPolicy.optional(),
  metadata: MetadataPatch.optional(),
}).meta({
  id: 'UpdateVariantRequest',
  description: 'A merge patch (RFC 7396): omitted fields stay as they are, and null empties a field',
})

export function toVariantDraft(body: z.output<typeof VariantBody>): VariantDraft {
  const { sku, barcode, options, price, metadata } = body
  return {
    ...{ sku, barcode, options, price, metadata },
    compareAtPrice: body.compare_at_price,
    prices: toPriceDrafts(body.prices),
    weightGrams: body.weight_grams,
    openingStock: body.stock_quantity,
    lowStockThreshold: body.low_stock_threshold,
    inventoryPolicy: body.inventory_policy,
  }
}

export function toVariantChanges(body: z.output<typeof UpdateVariantBody>): VariantChanges {
  const { sku, barcode, options, price, metadata, stock_quantity: available, expected_stock_quantity: expected } = body
  return {
    ...{ sku, barcode, options, price, metadata },
    compareAtPrice: body.compare_at_price,
    prices: body.prices === null ? null : toPriceDrafts(body.prices),
    weightGrams: body.weight_grams,
    lowStockThreshold: body.low_stock_threshold,
    inventoryPolicy: body.inventory_policy,
    stock: available === undefined ? undefined : { available, expected },
  }
}
