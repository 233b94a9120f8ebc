import type {
  InvalidAttributes,
  InvalidPrices,
  InvalidTranslations,
  InvalidVariants,
  VariantRequired,
} from '@shop/contracts/catalog/failures'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { type MetadataChanges, type MetadataTooLarge, patchMetadata } from '@shop/kernel/metadata'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Attribute } from '../../attributes/domain/attribute.ts'
import type { InvalidPrice } from '../../prices/domain/price.ts'
import type { WantedStock } from '../../stock/domain/adjust.ts'
import { defaultPolicy } from '../../variants/domain/new-variant.ts'
import { fitted, misfits, optionErrors, type ProductOption } from '../../variants/domain/options.ts'
import type { Variant } from '../../variants/domain/variant.ts'
import { repriced } from '../../variants/domain/variant-changes.ts'
import { onlyVariant, type Product, type ProductFields } from './product.ts'
import { type AttributePatch, patchAttributes } from './product-attributes.ts'
import type { CategoryChoice } from './product-categories.ts'
import { patchSeo, type SeoPatch } from './seo.ts'
import { patchTranslations, type TranslationsPatch } from './translations.ts'

/** Fields that a change replaces as they are. */
type PlainField =
  | 'name'
  | 'slug'
  | 'description'
  | 'status'
  | 'brand'
  | 'type'
  | 'tags'
  | 'taxCategory'
  | 'shippingClass'
  | 'imageUrl'
  | 'maxPerOrder'

/**
 * The fields that staff send to update a product; absent members stay as they are. `price` is in major units. It, the stock
 * and the threshold are of the only variant.
 */
export type ProductChanges = CategoryChoice & { [Field in PlainField]?: Product[Field] | undefined } & {
  attributes?: AttributePatch | undefined
  seo?: SeoPatch | undefined
  translations?: TranslationsPatch | undefined
  metadata?: MetadataChanges | undefined
  options?: ProductOption[] | undefined
  currency?: CurrencyCode | undefined
  price?: number | undefined
  stock?: WantedStock | undefined
  lowStockThreshold?: number | null | undefined
}

/** What to write; absent fields stay as they are. Categories are decided by `wantedCategories`. */
export type DecidedUpdate = {
  fields: Partial<Omit<ProductFields, 'categories'>>
  /** The variants that change, as they are to be. */
  variants: Variant[]
  /** The variant whose low-stock threshold is written. */
  thresholdOf?: number | undefined
  /** The variant whose stock is to be set. */
  stocked?: Variant | undefined
}

type ChangeFailure =
  | InvalidPrice
  | InvalidPrices
  | InvalidVariants
  | InvalidAttributes
  | InvalidTranslations
  | MetadataTooLarge
  | VariantRequired

type ChangeSettings = {
  /** The attributes of the changed keys, as far as they are declared. */
  declared: readonly Attribute[]
  /** Of the shop, the default one first. */
  locales: readonly string[]
}

/** Decides the changes of a product and of the variants that it touches. Stock is no field: its object has it. */
export function decideChanges(
  product: Product,
  changes: ProductChanges,
  settings: ChangeSettings,
): Result<DecidedUpdate, ChangeFailure> {
  const merged = mergedFields(product, changes, settings)
  if (!merged.ok) return merged
  const variants = changedVariants(product, changes)
  if (!variants.ok) return variants
  const { attributes, seo, translations, metadata, options } = merged.value
  const { name, slug, description, status, brand, type, tags, taxCategory, shippingClass, imageUrl, maxPerOrder } =
    changes
  const fields = {
    ...{ name, slug, description, status, brand, type, tags, taxCategory, shippingClass, imageUrl, maxPerOrder },
    ...{ attributes, seo, translations, metadata, options },
  }
  const present = Object.entries(fields).filter(([, value]) => value !== undefined)
  return ok({ fields: Object.fromEntries(present), ...variants.value })
}

/** The fields of which a change names a part. */
function mergedFields(
  product: Product,
  { attributes, seo, translations, metadata, options }: ProductChanges,
  { declared, locales }: ChangeSettings,
): Result<Partial<Pick<Product, 'attributes' | 'seo' | 'translations' | 'metadata' | 'options'>>, ChangeFailure> {
  const merged = attributes === undefined ? ok(undefined) : patchAttributes(declared, product.attributes, attributes)
  if (!merged.ok) return merged
  const texts =
    translations === undefined ? ok(undefined) : patchTranslations(locales, product.translations, translations)
  if (!texts.ok) return texts
  const pairs = metadata === undefined ? ok(undefined) : patchMetadata(product.metadata, metadata)
  if (!pairs.ok) return pairs
  return ok({
    ...(merged.value && { attributes: merged.value }),
    ...(texts.value && { translations: texts.value }),
    ...(pairs.value && { metadata: pairs.value }),
    ...(seo === undefined ? {} : { seo: patchSeo(product.seo, seo) }),
    ...(options && { options }),
  })
}

/** The variants that change with the type, the options, the currency, and the price and threshold of an only variant. */
function changedVariants(
  product: Product,
  { type = product.type, options, currency, price, lowStockThreshold, stock }: ProductChanges,
): Result<Omit<DecidedUpdate, 'fields'>, ChangeFailure> {
  const isOfOne = price !== undefined || lowStockThreshold !== undefined || stock !== undefined
  const one = isOfOne ? onlyVariant(product) : ok(undefined)
  if (!one.ok) return one
  const fitting = options === undefined ? ok(product.variants) : fittedVariants(options, product.variants)
  if (!fitting.ok) return fitting
  const becomesGiftCard = type === 'gift_card' && product.type !== type
  const variants: Variant[] = []
  for (const before of fitting.value) {
    const variant = becomesGiftCard ? asGiftCard(before) : before
    const isPriced = price !== undefined || currency !== undefined
    const changed = isPriced ? repriced(variant, { price, currency }, '') : ok(variant)
    if (!changed.ok) return changed
    variants.push(lowStockThreshold === undefined ? changed.value : { ...changed.value, lowStockThreshold })
  }
  const written = variants.filter((variant, index) => variant !== product.variants[index])
  return ok({
    variants: written,
    thresholdOf: lowStockThreshold === undefined ? undefined : one.value?.id,
    stocked: stock === undefined ? undefined : one.value,
  })
}

/** A policy that staff set before was for other goods. They can set another one afterwards. */
const asGiftCard = (variant: Variant): Variant =>
  variant.inventoryPolicy === defaultPolicy('gift_card')
    ? variant
    : { ...variant, inventoryPolicy: defaultPolicy('gift_card') }

/** The variants with the options that a product is to have, unless one of them does not fit. */
function fittedVariants(options: ProductOption[], variants: readonly Variant[]): Result<Variant[], InvalidVariants> {
  const fitting = fitted(options, variants)
  const errors = [...optionErrors(options), ...misfits(options, fitting, (index) => `variants.${index}.options`)]
  return errors.length === 0 ? ok(fitting) : fail({ code: 'invalid_variants', errors })
}
