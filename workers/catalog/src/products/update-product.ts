import type {
  CategoryNotFound,
  InvalidAttributes,
  InvalidPrices,
  InvalidTranslations,
  InvalidVariants,
  ProductNotFound,
  SkuTaken,
  SlugTaken,
  VariantRequired,
} from '@shop/contracts/catalog/failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import type { MetadataTooLarge } from '@shop/kernel/metadata'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { CatalogDeps } from '../deps.ts'
import type { InvalidPrice } from '../prices/domain/price.ts'
import { checkVariantStock, type StockFailure, setVariantStock } from '../variants/set-variant-stock.ts'
import type { Product, ProductFields } from './domain/product.ts'
import { type DecidedUpdate, decideChanges, type ProductChanges } from './domain/product-changes.ts'
import { assignmentOf } from './internal/assignment-of.ts'
import { type SaveDeps, saveProduct } from './save-product.ts'

type UpdateDeps = SaveDeps & Pick<CatalogDeps, 'stock' | 'listing' | 'newKey' | 'shop'>
type UpdateRequest = { id: number; changes: ProductChanges; versions?: ExpectedVersions }
type DecideFailure =
  | VersionConflict
  | InvalidPrice
  | InvalidPrices
  | InvalidVariants
  | InvalidAttributes
  | InvalidTranslations
  | MetadataTooLarge
  | VariantRequired
type UpdateFailure =
  | AccessFailure
  | ProductNotFound
  | DecideFailure
  | StockFailure
  | CategoryNotFound
  | SkuTaken
  | SlugTaken

type Change = Omit<DecidedUpdate, 'fields' | 'stocked'> & { fields: Partial<ProductFields> }

/**
 * Changes the given fields and then the stock.
 *
 * The fields come first, since their one UPDATE decides which of several writers of a version wins; the others change no
 * stock. A stock that others have changed refuses the whole update, but for a sale in the moment between the two: then the
 * fields are saved and the stock is not. The answer shows the stock as its object has it.
 *
 * An archived product changes only when the update says what its status is to be.
 *
 * @param request.versions the versions that the caller agrees to change
 */
export async function updateProduct(
  deps: UpdateDeps,
  caller: Caller,
  { id, changes, versions }: UpdateRequest,
): Promise<Result<Product, UpdateFailure>> {
  const staff = requireScope(caller, 'products:write')
  if (!staff.ok) return staff
  const actor = actorIdOf(staff.value)
  return untilSaved<Result<Product, UpdateFailure>>(async () => {
    const { product, declared } = await deps.products.findWithAttributes(id, Object.keys(changes.attributes ?? {}))
    if (product === undefined || (product.status === 'archived' && changes.status === undefined)) {
      return fail({ code: 'product_not_found', productId: id })
    }
    const current = checkVersion(versions, product.version)
    if (!current.ok) return current
    const decided = decideChanges(product, changes, { declared, locales: deps.shop.locales })
    if (!decided.ok) return decided
    const categories = assignmentOf(product, changes)
    const { stocked, ...written } = decided.value
    const change = { ...written, fields: { ...written.fields, ...(categories && { categories }) } }
    const request = stocked && changes.stock && { variant: stocked, wanted: { ...changes.stock, actor } }
    const checked = await checkVariantStock(deps, isEmpty(change) ? undefined : request)
    if (!checked.ok) return checked
    const saved = await save(deps, product, { ...change, isBound: versions !== undefined })
    if (!saved.ok || saved.value === undefined) return saved.ok ? undefined : saved
    return setVariantStock(deps, saved.value, request)
  })
}

/** Fields that a change replaces as they are, whatever they were. */
const INDEPENDENT = new Set([
  ...['name', 'description', 'imageUrl', 'maxPerOrder'],
  ...['brand', 'type', 'tags', 'taxCategory', 'shippingClass'],
])

/**
 * @param change.isBound whether only the version that was read may be changed. What was decided from what was read always
 *   is: variants, categories, merged fields
 * @returns the product after it; undefined when another writer was first
 */
async function save(
  deps: SaveDeps,
  product: Product,
  { fields, variants, thresholdOf, isBound }: Change & { isBound: boolean },
): Promise<Result<Product | undefined, CategoryNotFound | SkuTaken | SlugTaken>> {
  if (isEmpty({ fields, variants })) return ok(product)
  const isUnbound = !isBound && variants.length === 0 && Object.keys(fields).every((field) => INDEPENDENT.has(field))
  return saveProduct(deps, { decidedFrom: product, fields, variants: { changed: variants, thresholdOf }, isUnbound })
}

const isEmpty = ({ fields, variants }: Pick<Change, 'fields' | 'variants'>) =>
  Object.keys(fields).length === 0 && variants.length === 0
