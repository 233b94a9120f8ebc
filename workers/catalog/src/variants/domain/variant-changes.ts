import type { InvalidPrices, InvalidVariants, LastVariant, VariantNotFound } from '@shop/contracts/catalog/failures'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { type MetadataChanges, type MetadataTooLarge, patchMetadata } from '@shop/kernel/metadata'
import { fail, ok, type Result } from '@shop/kernel/result'
import { decidePriceChange, type InvalidPrice } from '../../prices/domain/price.ts'
import { checkFirstCurrency, decidePrices, type PriceDraft } from '../../prices/domain/price-list.ts'
import type { Product } from '../../products/domain/product.ts'
import type { WantedStock } from '../../stock/domain/adjust.ts'
import { misfits } from './options.ts'
import type { Variant, VariantOptions } from './variant.ts'

/** The fields that staff send to change a variant; absent members stay as they are. Prices are in major units. */
export type VariantChanges = {
  sku?: string | null | undefined
  barcode?: string | null | undefined
  /** Those that are not named stay. */
  options?: VariantOptions | undefined
  price?: number | undefined
  compareAtPrice?: number | null | undefined
  /** All further prices; null for none. */
  prices?: PriceDraft[] | null | undefined
  weightGrams?: number | null | undefined
  inventoryPolicy?: Variant['inventoryPolicy'] | undefined
  metadata?: MetadataChanges | undefined
  lowStockThreshold?: number | null | undefined
  stock?: WantedStock | undefined
}

/** A product after a change of one of its variants. */
export type ChangedVariant = { product: Product; variant: Variant }

type ChangeFailure = InvalidPrice | InvalidPrices | InvalidVariants | MetadataTooLarge

export function findVariant({ variants }: Pick<Product, 'variants'>, id: number): Result<Variant, VariantNotFound> {
  const variant = variants.find((one) => one.id === id)
  return variant === undefined ? fail({ code: 'variant_not_found', variantId: id }) : ok(variant)
}

/**
 * The variant as it is to be written; undefined when none of its fields changes. Stock is no field: its object has it.
 */
export function changedVariant(
  product: Pick<Product, 'options' | 'variants'>,
  variant: Variant,
  { stock: _, ...changes }: VariantChanges,
): Result<Variant | undefined, ChangeFailure> {
  if (Object.values(changes).every((change) => change === undefined)) return ok(undefined)
  const metadata =
    changes.metadata === undefined ? ok(variant.metadata) : patchMetadata(variant.metadata, changes.metadata)
  if (!metadata.ok) return metadata
  const priced = repriced(variant, changes, '')
  if (!priced.ok) return priced
  const prices =
    changes.prices === undefined ? ok(variant.prices) : decidePrices(changes.prices ?? [], variant.currency)
  if (!prices.ok) return prices
  const changed: Variant = {
    ...priced.value,
    prices: prices.value,
    sku: given(changes.sku, variant.sku),
    barcode: given(changes.barcode, variant.barcode),
    options: { ...variant.options, ...changes.options },
    weightGrams: given(changes.weightGrams, variant.weightGrams),
    inventoryPolicy: given(changes.inventoryPolicy, variant.inventoryPolicy),
    metadata: metadata.value,
    lowStockThreshold: given(changes.lowStockThreshold, variant.lowStockThreshold),
  }
  const others = product.variants.filter(({ id }) => id !== variant.id)
  const errors = changes.options === undefined ? [] : misfits(product.options, [...others, changed], () => 'options')
  return errors.length > 0 ? fail({ code: 'invalid_variants', errors }) : ok(changed)
}

/**
 * A variant with other prices, another currency or both. Prices that are not named keep their figures in another currency.
 *
 * @param prefix of the fields
 */
export function repriced(
  variant: Variant,
  changes: {
    price?: number | undefined
    compareAtPrice?: number | null | undefined
    currency?: CurrencyCode | undefined
  },
  prefix: string,
): Result<Variant, InvalidPrice | InvalidPrices> {
  const { currency } = changes
  const first = checkFirstCurrency(
    { currency: currency ?? variant.currency, prices: variant.prices },
    `${prefix}currency`,
  )
  if (!first.ok) return first
  const price = decidePriceChange(variant, { price: changes.price, currency }, `${prefix}price`)
  if (!price.ok) return price
  const priced = { ...variant, ...price.value }
  if (changes.compareAtPrice === null) return ok({ ...priced, compareAtPrice: null })
  if (variant.compareAtPrice === null && changes.compareAtPrice === undefined) return ok(priced)
  const before = { price: variant.compareAtPrice ?? 0, currency: variant.currency }
  const compared = decidePriceChange(before, { price: changes.compareAtPrice, currency }, `${prefix}compare_at_price`)
  return compared.ok ? ok({ ...priced, compareAtPrice: compared.value.price }) : compared
}

/** Whether a variant can be deleted. */
export function removableVariant(
  product: Pick<Product, 'variants'>,
  id: number,
): Result<Variant, VariantNotFound | LastVariant> {
  const found = findVariant(product, id)
  if (!found.ok) return found
  return product.variants.length > 1 ? found : fail({ code: 'last_variant', variantId: id })
}

const given = <T>(change: T | undefined, current: T): T => (change === undefined ? current : change)
