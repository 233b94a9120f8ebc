import type { InvalidPrices, InvalidVariants, TooManyVariants } from '@shop/contracts/catalog/failures'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { Metadata } from '@shop/kernel/metadata'
import { fail, ok, type Result } from '@shop/kernel/result'
import { decidePrice, type InvalidPrice } from '../../prices/domain/price.ts'
import { decidePrices, type PriceDraft } from '../../prices/domain/price-list.ts'
import type { Product } from '../../products/domain/product.ts'
import { misfits, optionErrors, optionsOf, type ProductOption } from './options.ts'
import { MAX_VARIANTS, type NewVariant, type Variant, type VariantOptions } from './variant.ts'

/** The fields that staff send to create a variant. Prices are in major units. */
export type VariantDraft = {
  sku?: string | null | undefined
  barcode?: string | null | undefined
  options?: VariantOptions | undefined
  price: number
  compareAtPrice?: number | null | undefined
  /** In other currencies, and those with dates. */
  prices?: PriceDraft[] | undefined
  weightGrams?: number | null | undefined
  openingStock?: number | undefined
  lowStockThreshold?: number | null | undefined
  inventoryPolicy?: Variant['inventoryPolicy'] | undefined
  metadata?: Metadata | undefined
}

/**
 * The variants of a new product.
 *
 * @param declared its options; without them the variants' own, in the order in which they appear
 * @param prefix of the fields of a variant, by its index
 */
export function newVariants(
  declared: readonly ProductOption[] | undefined,
  drafts: readonly VariantDraft[],
  { type, currency, prefix }: { type: Product['type']; currency: CurrencyCode; prefix: (index: number) => string },
): Result<{ options: ProductOption[]; variants: NewVariant[] }, InvalidVariants | InvalidPrice | InvalidPrices> {
  const given = drafts.map(({ options = {} }) => ({ options }))
  const options = [...(declared ?? optionsOf(given))]
  const errors = [
    ...optionErrors(options),
    ...misfits(options, given, (index) => `${prefix(index)}options`),
    ...drafts.flatMap(({ sku }, index) =>
      typeof sku === 'string' && drafts.findIndex((other) => other.sku === sku) < index
        ? [{ field: `${prefix(index)}sku`, message: 'is the SKU of another variant' }]
        : [],
    ),
  ]
  if (errors.length > 0) return fail({ code: 'invalid_variants', errors })
  const variants: NewVariant[] = []
  for (const [index, draft] of drafts.entries()) {
    const decided = newVariant(draft, { type, currency, position: index, prefix: prefix(index) })
    if (!decided.ok) return decided
    variants.push(decided.value)
  }
  return ok({ options, variants })
}

/** The policy of a variant for which staff name none: a gift card is made when it is sold, so it does not sell out. */
export const defaultPolicy = (type: Product['type']): Variant['inventoryPolicy'] =>
  type === 'gift_card' ? 'continue' : 'deny'

/** A further variant of a product, after those that it has. */
export function furtherVariant(
  { type, options, variants }: Pick<Product, 'type' | 'options' | 'variants'>,
  draft: VariantDraft,
): Result<NewVariant, InvalidVariants | InvalidPrice | InvalidPrices | TooManyVariants> {
  if (variants.length >= MAX_VARIANTS) return fail({ code: 'too_many_variants', maximum: MAX_VARIANTS })
  const all = [...variants, { options: draft.options ?? {} }]
  const errors = misfits(options, all, () => 'options')
  if (errors.length > 0) return fail({ code: 'invalid_variants', errors })
  const position = Math.max(...variants.map((variant) => variant.position)) + 1
  return newVariant(draft, { type, currency: currencyOf(variants), position, prefix: '' })
}

/** The variants of a product have one currency. */
function currencyOf([first]: readonly Variant[]): CurrencyCode {
  if (first === undefined) throw new Error('A product without variants')
  return first.currency
}

function newVariant(
  draft: VariantDraft,
  {
    type,
    currency,
    position,
    prefix,
  }: { type: Product['type']; currency: CurrencyCode; position: number; prefix: string },
): Result<NewVariant, InvalidPrice | InvalidPrices> {
  const price = decidePrice(draft.price, currency, `${prefix}price`)
  if (!price.ok) return price
  const { compareAtPrice = null } = draft
  const compared =
    compareAtPrice === null ? ok(null) : decidePrice(compareAtPrice, currency, `${prefix}compare_at_price`)
  if (!compared.ok) return compared
  const prices = decidePrices(draft.prices ?? [], currency, prefix)
  if (!prices.ok) return prices
  return ok({
    position,
    sku: draft.sku ?? null,
    barcode: draft.barcode ?? null,
    options: draft.options ?? {},
    price: price.value,
    compareAtPrice: compared.value,
    currency,
    prices: prices.value,
    weightGrams: draft.weightGrams ?? null,
    inventoryPolicy: draft.inventoryPolicy ?? defaultPolicy(type),
    metadata: draft.metadata ?? {},
    lowStockThreshold: draft.lowStockThreshold ?? null,
    openingStock: draft.openingStock ?? 0,
  })
}
