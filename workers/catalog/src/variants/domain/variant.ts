import type { VariantRequired } from '@shop/contracts/catalog/failures'
import type { StockTerms } from '@shop/contracts/catalog/rpc'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { Metadata } from '@shop/kernel/metadata'
import type { FurtherPrice } from '../../prices/domain/price-list.ts'

export const MAX_VARIANTS = 250

export const INVENTORY_POLICIES = ['deny', 'continue'] as const

/** One value for each option of the product, by the option's name. */
export type VariantOptions = Record<string, string>

/** What is priced, stocked and sold. Prices are in minor units. */
export type Variant = {
  id: number
  /** Order within the product. */
  position: number
  sku: string | null
  barcode: string | null
  options: VariantOptions
  price: number
  /** What it cost before, or elsewhere. */
  compareAtPrice: number | null
  /** The first one in which it is sold; the variants of a product share it. */
  currency: CurrencyCode
  /** In other currencies, and those with dates. */
  prices: FurtherPrice[]
  weightGrams: number | null
  /** `continue` sells more than there is. */
  inventoryPolicy: (typeof INVENTORY_POLICIES)[number]
  metadata: Metadata
  /** Units available for sale as last projected from the stock object. For display only; nothing decides from it. */
  available: number
  /** The units that it was created with; they never change. */
  openingStock: number
  /** The sequence of the level that `available` is from; 0 for the opening stock. */
  stockSequence: number
  /** Stock is low when this many units or fewer are available; null disables the check. Shown to staff. */
  lowStockThreshold: number | null
  /** Counts the changes of the threshold. */
  lowStockVersion: number
}

/** A variant before it is written. */
export type NewVariant = Omit<Variant, 'id' | 'available' | 'stockSequence' | 'lowStockVersion'>

/** What calls of its stock object carry. */
export function termsOf(variant: Variant): StockTerms {
  return {
    openingStock: variant.openingStock,
    sequence: variant.stockSequence,
    threshold: variant.lowStockThreshold,
    thresholdVersion: variant.lowStockVersion,
    policy: variant.inventoryPolicy,
  }
}

/** Names the variants of a product to a caller who named only the product. */
export function variantRequired(
  productId: number,
  variants: readonly VariantRequired['variants'][number][],
): VariantRequired {
  const choices = variants.map(({ id, sku, options }) => ({ id, sku, options }))
  return { code: 'variant_required', productId, variants: choices }
}

export const isInStock = ({ available, inventoryPolicy }: Pick<Variant, 'available' | 'inventoryPolicy'>): boolean =>
  available > 0 || inventoryPolicy === 'continue'
