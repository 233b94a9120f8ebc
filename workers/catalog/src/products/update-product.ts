import type { CategoryNotFound, ProductNotFound, StockChanged } from '@shop/contracts/catalog/failures'
import { type AccessFailure, type Caller, requireStaff } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import { Unavailable } from '@shop/kernel/unavailable'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import { announceChange } from '../caching/announce-change.ts'
import type { CatalogDeps } from '../deps.ts'
import type { StockBelowZero } from '../stock/domain/adjust.ts'
import { checkStock, setStock } from '../stock/set-stock.ts'
import type { InvalidPrice } from './domain/price.ts'
import type { Product, ProductFields } from './domain/product.ts'
import { changedFields, type ProductChanges } from './domain/product-changes.ts'
import { assignmentOf } from './internal/assignment-of.ts'

type SaveDeps = Pick<CatalogDeps, 'products' | 'stock' | 'answers' | 'events' | 'later' | 'now' | 'warn'>
type UpdateDeps = SaveDeps & Pick<CatalogDeps, 'listing' | 'newKey'>
type UpdateRequest = { id: number; changes: ProductChanges; versions?: ExpectedVersions }
type StockFailure = StockChanged | StockBelowZero
type UpdateFailure = AccessFailure | ProductNotFound | VersionConflict | InvalidPrice | StockFailure | CategoryNotFound

/** How often an update is decided again because another writer changed the product meanwhile. */
const ATTEMPTS = 5

/**
 * Changes the given fields and then the stock.
 *
 * The fields come first, since their one UPDATE decides which of several writers of a version wins; the others change no
 * stock. A stock that others have changed refuses the whole update, but for a sale in the moment between the two: then the
 * fields are saved and the stock is not. The answer shows the stock as its object has it.
 *
 * @param request.versions the versions that the caller agrees to change
 */
export async function updateProduct(
  deps: UpdateDeps,
  caller: Caller,
  { id, changes, versions }: UpdateRequest,
): Promise<Result<Product, UpdateFailure>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const { stock } = changes
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const product = await deps.products.find(id)
    if (product === undefined) return fail({ code: 'product_not_found', productId: id })
    const fields = await fieldsToSave(deps, product, { changes, versions })
    if (!fields.ok) return fields
    const saved = await saveFields(deps, product, { fields: fields.value, isBound: versions !== undefined })
    if (!saved.ok) return saved
    if (saved.value === undefined) continue
    if (stock === undefined) return ok(saved.value)
    const level = await setStock(deps, saved.value, { ...stock, actor: staff.value.userId })
    return level.ok ? ok({ ...saved.value, available: level.value.available }) : level
  }
  throw new Unavailable('catalog')
}

/** The fields to save, unless the version, the price or the stock refuses the update. */
async function fieldsToSave(
  deps: SaveDeps,
  product: Product,
  { changes, versions }: Pick<UpdateRequest, 'changes' | 'versions'>,
): Promise<Result<Partial<ProductFields>, VersionConflict | InvalidPrice | StockFailure>> {
  const current = checkVersion(versions, product.version)
  if (!current.ok) return current
  const changed = changedFields(product, changes)
  const categories = assignmentOf(product, changes)
  const fields = changed.ok ? ok({ ...changed.value, ...(categories === undefined ? {} : { categories }) }) : changed
  if (!fields.ok || isEmpty(fields.value) || changes.stock === undefined) return fields
  const checked = await checkStock(deps, product, changes.stock)
  return checked.ok ? fields : checked
}

/**
 * @param update.isBound whether only the version that was read may be changed. Prices and categories always are: they were
 *   decided from those that were read
 * @returns the product after it; undefined when another writer was first
 */
async function saveFields(
  deps: SaveDeps,
  product: Product,
  { fields, isBound }: { fields: Partial<ProductFields>; isBound: boolean },
): Promise<Result<Product | undefined, CategoryNotFound>> {
  if (isEmpty(fields)) return ok(product)
  const isDecided = isBound || fields.price !== undefined || fields.categories !== undefined
  const version = isDecided ? product.version : undefined
  const saved = await deps.products.update({ id: product.id, fields, version, updatedAt: deps.now() })
  if (!saved.ok) return saved
  if (saved.value !== undefined) await announceChange(deps, saved.value.eventId, saved.value.categoryEventId)
  return ok(saved.value?.product)
}

const isEmpty = (fields: Partial<ProductFields>) => Object.keys(fields).length === 0
