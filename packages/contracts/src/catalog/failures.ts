import type { AccessFailure } from '@shop/kernel/caller'
import type { FieldError, KernelFailure, ProblemTable } from '@shop/kernel/failures'
import type { InvalidAmount } from '@shop/kernel/money'
import type { InvalidCursor } from '@shop/kernel/pagination'
import type { VersionConflict } from '@shop/kernel/versions'

export type ProductNotFound = { code: 'product_not_found'; productId: number }
/** `available` is what this caller could still get. */
export type OutOfStock = { code: 'out_of_stock'; variantId: number; requested: number; available: number }
/** The id was used for another quantity, or its hold has ended: a bug or a very late retry, never a success. */
export type HoldConflict = {
  code: 'hold_conflict'
  variantId: number
  holdId: string
  reason: 'other_quantity' | 'released' | 'committed' | 'expired'
}
export type HoldGone = {
  code: 'hold_gone'
  variantId: number
  holdId: string
  reason: 'never_held' | 'released' | 'expired'
}
export type StockBelowHeld = { code: 'stock_below_held'; held: number; onHand: number }
/** Other units are available than the writer saw. `stockQuantity` is what is available now. */
export type StockChanged = { code: 'stock_changed'; stockQuantity: number }
export type AdjustmentConflict = { code: 'adjustment_conflict'; key: string }

/** The product has several variants, so that its id names none of them. */
export type VariantRequired = {
  code: 'variant_required'
  productId: number
  variants: { id: number; sku: string | null; options: Record<string, string> }[]
}
/** No product has the slug or has had it. */
export type ProductSlugNotFound = { code: 'product_slug_not_found'; slug: string }
/** Names the variant as the request did: by its id or by its SKU. */
export type VariantNotFound = { code: 'variant_not_found'; variantId?: number; sku?: string }
/** A present variant of the shop has this SKU. */
export type SkuTaken = { code: 'sku_taken'; sku: string }
/** A product has at least one variant. */
export type LastVariant = { code: 'last_variant'; variantId: number }
export type TooManyVariants = { code: 'too_many_variants'; maximum: number }
/** Options and variants do not fit each other. */
export type InvalidVariants = { code: 'invalid_variants'; errors: FieldError[] }
/** The prices of a variant do not fit each other. */
export type InvalidPrices = { code: 'invalid_prices'; errors: FieldError[] }
/** The product has no price in the currency at the moment. */
export type NotSoldInCurrency = { code: 'not_sold_in_currency'; productId: number; currency: string }
/** The same of an item to order. */
export type ItemNotSoldInCurrency = {
  code: 'item_not_sold_in_currency'
  productId: number
  variantId: number
  currency: string
}
export type InvalidAttributes = { code: 'invalid_attributes'; errors: FieldError[] }
/** A locale is not one of the shop's, or is its default: the texts of the product itself are in that. */
export type InvalidTranslations = { code: 'invalid_translations'; errors: FieldError[] }

export type CategoryNotFound = { code: 'category_not_found'; categoryId: number }
/** Categories with the same parent have different names, whatever their case. */
export type CategoryNameTaken = { code: 'category_name_taken'; name: string }
/** The category would be below itself. */
export type CategoryCycle = { code: 'category_cycle'; categoryId: number; parentId: number }
/** `depth` is what the deepest category would have. */
export type CategoryTooDeep = { code: 'category_too_deep'; depth: number; maximumDepth: number }
export type CategoryHasChildren = { code: 'category_has_children'; categoryId: number }
export type CollectionNotFound = { code: 'collection_not_found'; collectionId: number }
/** Its products are those that meet its rule. */
export type CollectionNotManual = { code: 'collection_not_manual'; collectionId: number }
export type CollectionHasNoRule = { code: 'collection_has_no_rule'; collectionId: number }
export type InvalidCollectionRule = { code: 'invalid_collection_rule'; errors: FieldError[] }
export type AttributeNotFound = { code: 'attribute_not_found'; attributeId: number }
export type AttributeKeyTaken = { code: 'attribute_key_taken'; key: string }
/** Only an attribute of the type list has values. */
export type AttributeHasNoValues = { code: 'attribute_has_no_values'; attributeId: number }
/** The slug belongs to another resource of the same kind. */
export type SlugTaken = { code: 'slug_taken'; slug: string }

export type HoldFailure = OutOfStock | HoldConflict
export type CatalogFailure =
  | AccessFailure
  | InvalidAmount
  | InvalidCursor
  | ProductNotFound
  | ProductSlugNotFound
  | VariantRequired
  | VariantNotFound
  | SkuTaken
  | LastVariant
  | TooManyVariants
  | InvalidVariants
  | InvalidPrices
  | NotSoldInCurrency
  | ItemNotSoldInCurrency
  | InvalidAttributes
  | InvalidTranslations
  | HoldFailure
  | HoldGone
  | StockBelowHeld
  | StockChanged
  | AdjustmentConflict
  | VersionConflict
  | CategoryNotFound
  | CategoryNameTaken
  | CategoryCycle
  | CategoryTooDeep
  | CategoryHasChildren
  | CollectionNotFound
  | CollectionNotManual
  | CollectionHasNoRule
  | InvalidCollectionRule
  | AttributeNotFound
  | AttributeKeyTaken
  | AttributeHasNoValues
  | SlugTaken

export const CATALOG_PROBLEMS = {
  product_not_found: { status: 404, title: 'Product not found' },
  product_slug_not_found: { status: 404, title: 'No product has this slug' },
  variant_required: { status: 422, title: 'The product has several variants: name one of them' },
  variant_not_found: { status: 404, title: 'Variant not found' },
  sku_taken: { status: 409, title: 'Another variant has this SKU' },
  last_variant: { status: 409, title: 'A product keeps its last variant' },
  too_many_variants: { status: 409, title: 'The product has as many variants as it may have' },
  invalid_variants: { status: 422, title: 'The variants do not fit the options' },
  invalid_prices: { status: 422, title: 'The prices do not fit each other' },
  not_sold_in_currency: { status: 404, title: 'The product is not sold in this currency' },
  item_not_sold_in_currency: { status: 422, title: 'An item is not sold in this currency' },
  invalid_attributes: { status: 422, title: 'The attributes are not as declared' },
  invalid_translations: { status: 422, title: 'A translation is not in another language of the shop' },
  out_of_stock: { status: 409, title: 'Not enough in stock' },
  stock_below_held: { status: 409, title: 'The stock would be below what open orders hold' },
  stock_changed: { status: 409, title: 'The stock has changed since it was read' },
  hold_conflict: { status: 409, title: 'The stock hold cannot be used again' },
  hold_gone: { status: 409, title: 'The stock hold has ended' },
  category_not_found: { status: 404, title: 'Category not found' },
  category_name_taken: { status: 409, title: 'A category beside it has this name' },
  category_cycle: { status: 409, title: 'A category cannot be below itself' },
  category_too_deep: { status: 409, title: 'The tree of categories would be too deep' },
  category_has_children: { status: 409, title: 'The category has categories below it' },
  collection_not_found: { status: 404, title: 'Collection not found' },
  collection_not_manual: { status: 409, title: 'The rule of the collection decides its products' },
  collection_has_no_rule: { status: 409, title: 'The products of the collection are listed by hand' },
  invalid_collection_rule: { status: 422, title: 'The rule of the collection is not valid' },
  attribute_not_found: { status: 404, title: 'Attribute not found' },
  attribute_key_taken: { status: 409, title: 'An attribute with this key is declared' },
  attribute_has_no_values: { status: 409, title: 'Only an attribute of the type list has values' },
  slug_taken: { status: 409, title: 'The slug is taken' },
  adjustment_conflict: { status: 409, title: 'The adjustment key was used for another adjustment' },
} as const satisfies ProblemTable<Exclude<CatalogFailure, KernelFailure>>
