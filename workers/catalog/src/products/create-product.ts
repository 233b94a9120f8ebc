import type {
  CategoryNotFound,
  InvalidAttributes,
  InvalidVariants,
  SkuTaken,
  SlugTaken,
} from '@shop/contracts/catalog/failures'
import { type AccessFailure, type Caller, requireStaff } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import { announceChange } from '../caching/announce-change.ts'
import type { CatalogDeps } from '../deps.ts'
import { slugOf } from '../slugs/slug-of.ts'
import { newProduct, type ProductDraft } from './domain/new-product.ts'
import type { InvalidPrice } from './domain/price.ts'
import { NO_CATEGORIES, type Product } from './domain/product.ts'
import { assignmentOf } from './internal/assignment-of.ts'

type CreateDeps = Pick<CatalogDeps, 'products' | 'attributes' | 'answers' | 'events' | 'later' | 'now' | 'warn'>
type CreateFailure =
  | AccessFailure
  | InvalidPrice
  | InvalidVariants
  | InvalidAttributes
  | CategoryNotFound
  | SkuTaken
  | SlugTaken

/**
 * Adds a product with its variants. The stock object of each is made when it is first needed; until then it is listed with its
 * opening stock.
 */
export async function createProduct(
  deps: CreateDeps,
  caller: Caller,
  draft: ProductDraft,
): Promise<Result<Product, CreateFailure>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const declared = await deps.attributes.declared(Object.keys(draft.attributes ?? {}))
  const decided = newProduct(draft, declared)
  if (!decided.ok) return decided
  const categories = assignmentOf(undefined, draft) ?? NO_CATEGORIES
  const slug = slugOf(draft, 'product')
  const saved = await deps.products.insert({ ...decided.value, slug, categories, createdAt: deps.now() })
  if (!saved.ok) return saved
  const { product, eventId, categoryEventId } = saved.value
  await announceChange(deps, eventId, categoryEventId)
  return ok(product)
}
