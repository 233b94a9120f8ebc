import type {
  CategoryNotFound,
  InvalidAttributes,
  InvalidPrices,
  InvalidTranslations,
  InvalidVariants,
  SkuTaken,
  SlugTaken,
} from '@shop/contracts/catalog/failures'
import { type Created, type CreateOnceFailure, createOnce } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { ok, type Result } from '@shop/kernel/result'
import type { Attribute } from '../../attributes/domain/attribute.ts'
import type { CatalogDeps } from '../../deps.ts'
import type { InvalidPrice } from '../../prices/domain/price.ts'
import { slugOf } from '../../slugs/slug-of.ts'
import { newProduct, type ProductDraft } from '../domain/new-product.ts'
import { NO_CATEGORIES, type Product } from '../domain/product.ts'
import { assignmentOf } from './assignment-of.ts'

export type InsertDeps = Pick<CatalogDeps, 'products' | 'keys' | 'shop' | 'now'>
type Refusal =
  | InvalidPrice
  | InvalidPrices
  | InvalidVariants
  | InvalidAttributes
  | InvalidTranslations
  | CategoryNotFound
  | SkuTaken
  | SlugTaken
export type InsertFailure = Refusal | CreateOnceFailure

type Insertion = {
  draft: ProductDraft
  /** The attributes that it has, as far as they are declared. */
  declared: readonly Attribute[]
  key: IdempotencyKey | undefined
}

/**
 * Saves a new product with its variants; once, if there is a key.
 *
 * @param announce called for a product that was saved now, and not before with its key
 */
export function insertProduct(
  { products, keys, shop, now }: InsertDeps,
  { draft, declared, key }: Insertion,
  announce: (saved: { eventId: number; categoryEventId?: number | undefined }) => Promise<void> | void,
): Promise<Result<Created<Product>, InsertFailure>> {
  return createOnce<Product, Refusal>(key, {
    create: async () => {
      const decided = newProduct(draft, { declared, defaultCurrency: shop.defaultCurrency, locales: shop.locales })
      if (!decided.ok) return decided
      const categories = assignmentOf(undefined, draft) ?? NO_CATEGORIES
      const slug = slugOf(draft, 'product')
      const saved = await products.insert({ ...decided.value, slug, categories, createdAt: now(), key })
      if (!saved.ok) return saved
      await announce(saved.value)
      return ok(saved.value.product)
    },
    findKey: keys.find,
    find: async (id) => {
      const product = await products.find(Number(id))
      // DELETE archives. One that was to be archived from the beginning was not deleted.
      return product?.status === 'archived' && draft.status !== 'archived' ? undefined : product
    },
  })
}
