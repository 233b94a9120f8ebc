import type {
  InvalidAttributes,
  InvalidPrices,
  InvalidTranslations,
  InvalidVariants,
} from '@shop/contracts/catalog/failures'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { Metadata } from '@shop/kernel/metadata'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Attribute } from '../../attributes/domain/attribute.ts'
import type { ProductAttributes } from '../../attributes/domain/product-attributes.ts'
import type { InvalidPrice } from '../../prices/domain/price.ts'
import type { PriceDraft } from '../../prices/domain/price-list.ts'
import { newVariants, type VariantDraft } from '../../variants/domain/new-variant.ts'
import type { ProductOption } from '../../variants/domain/options.ts'
import type { NewVariant } from '../../variants/domain/variant.ts'
import type { Product, ProductFields } from './product.ts'
import { patchAttributes } from './product-attributes.ts'
import type { CategoryChoice } from './product-categories.ts'
import { patchSeo, type SeoPatch } from './seo.ts'
import { patchTranslations, type TranslationsPatch } from './translations.ts'

/** The fields that staff send to create a product. Prices are in major units. */
export type ProductDraft = CategoryChoice & {
  name: string
  slug?: string | undefined
  description?: string | undefined
  status?: Product['status'] | undefined
  brand?: string | null | undefined
  type?: Product['type'] | undefined
  tags?: string[] | undefined
  taxCategory?: string | null | undefined
  shippingClass?: string | null | undefined
  attributes?: ProductAttributes | undefined
  seo?: SeoPatch | undefined
  translations?: TranslationsPatch | undefined
  metadata?: Metadata | undefined
  imageUrl?: string | null | undefined
  maxPerOrder?: number | null | undefined
  currency?: CurrencyCode | undefined
  options?: ProductOption[] | undefined
  variants?: VariantDraft[] | undefined
  /** The next four make its one variant where `variants` is absent; then the price is required. */
  price?: number | undefined
  prices?: PriceDraft[] | undefined
  openingStock?: number | undefined
  lowStockThreshold?: number | null | undefined
}

export type DecidedProduct = Omit<ProductFields, 'categories' | 'slug'> & { variants: NewVariant[] }

type NewProductSettings = {
  /** The attributes that it has, as far as they are declared. */
  declared: readonly Attribute[]
  /** Of the shop, for a product that names none. */
  defaultCurrency: CurrencyCode
  /** Of the shop, the default one first. */
  locales: readonly string[]
}

/** Fills in the defaults of a new product: active, physical, empty description, no opening stock. */
export function newProduct(
  draft: ProductDraft,
  { declared, defaultCurrency, locales }: NewProductSettings,
): Result<DecidedProduct, InvalidPrice | InvalidPrices | InvalidVariants | InvalidAttributes | InvalidTranslations> {
  const drafts = variantDrafts(draft)
  if (!drafts.ok) return drafts
  const type = draft.type ?? 'physical'
  const goods = newVariants(draft.options, drafts.value, {
    type,
    currency: draft.currency ?? defaultCurrency,
    prefix: (index) => (draft.variants === undefined ? '' : `variants.${index}.`),
  })
  if (!goods.ok) return goods
  const attributes = patchAttributes(declared, {}, draft.attributes ?? {})
  if (!attributes.ok) return attributes
  const translations = patchTranslations(locales, {}, draft.translations ?? {})
  if (!translations.ok) return translations
  return ok({
    name: draft.name,
    description: draft.description ?? '',
    status: draft.status ?? 'active',
    brand: draft.brand ?? null,
    type,
    tags: draft.tags ?? [],
    taxCategory: draft.taxCategory ?? null,
    shippingClass: draft.shippingClass ?? null,
    attributes: attributes.value,
    seo: patchSeo({}, draft.seo ?? {}),
    translations: translations.value,
    metadata: draft.metadata ?? {},
    imageUrl: draft.imageUrl ?? null,
    maxPerOrder: draft.maxPerOrder ?? null,
    ...goods.value,
  })
}

/** The variants that were sent, or the one that price and stock of the product make. */
function variantDrafts(draft: ProductDraft): Result<VariantDraft[], InvalidVariants> {
  const { options, variants, price, prices, openingStock, lowStockThreshold } = draft
  const refused = (field: string, message: string): Result<never, InvalidVariants> =>
    fail({ code: 'invalid_variants', errors: [{ field, message }] })
  if (variants === undefined) {
    if (options !== undefined && options.length > 0) return refused('variants', 'must be there with options')
    if (price === undefined) return refused('price', 'must be there without variants')
    return ok([{ price, prices, openingStock, lowStockThreshold }])
  }
  const ofVariant = { price, prices, stock_quantity: openingStock, low_stock_threshold: lowStockThreshold }
  const [field] = Object.entries(ofVariant).find(([, value]) => value !== undefined) ?? []
  return field === undefined ? ok(variants) : refused(field, 'belongs to each of the variants')
}
