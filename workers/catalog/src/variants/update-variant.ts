import type {
  InvalidPrices,
  InvalidVariants,
  ProductNotFound,
  SkuTaken,
  VariantNotFound,
} from '@shop/contracts/catalog/failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import type { MetadataTooLarge } from '@shop/kernel/metadata'
import { ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { CatalogDeps } from '../deps.ts'
import type { InvalidPrice } from '../prices/domain/price.ts'
import type { Product } from '../products/domain/product.ts'
import { type SaveDeps, saveVariants } from '../products/save-product.ts'
import { type ChangedVariant, changedVariant, findVariant, type VariantChanges } from './domain/variant-changes.ts'
import { presentProduct } from './internal/present-product.ts'
import { checkVariantStock, type StockFailure, setVariantStock } from './set-variant-stock.ts'

type UpdateDeps = SaveDeps & Pick<CatalogDeps, 'stock' | 'listing' | 'newKey'>
type UpdateRequest = {
  productId: number
  variantId: number
  changes: VariantChanges
  versions?: ExpectedVersions
}
type UpdateFailure =
  | AccessFailure
  | ProductNotFound
  | VariantNotFound
  | VersionConflict
  | InvalidPrice
  | InvalidPrices
  | InvalidVariants
  | MetadataTooLarge
  | SkuTaken
  | StockFailure

/** Changes the given fields of a variant and then its stock, as `updateProduct` does for a product with one variant. */
export async function updateVariant(
  deps: UpdateDeps,
  caller: Caller,
  { productId, variantId, changes, versions }: UpdateRequest,
): Promise<Result<ChangedVariant, UpdateFailure>> {
  const staff = requireScope(caller, 'products:write')
  if (!staff.ok) return staff
  const actor = actorIdOf(staff.value)
  return untilSaved<Result<ChangedVariant, UpdateFailure>>(async () => {
    const present = await presentProduct(deps, productId)
    if (!present.ok) return present
    const product = present.value
    const current = checkVersion(versions, product.version)
    if (!current.ok) return current
    const variant = findVariant(product, variantId)
    if (!variant.ok) return variant
    const changed = changedVariant(product, variant.value, changes)
    if (!changed.ok) return changed
    const request = changes.stock && { variant: variant.value, wanted: { ...changes.stock, actor } }
    const checked = await checkVariantStock(deps, changed.value && request)
    if (!checked.ok) return checked
    const thresholdOf = changes.lowStockThreshold === undefined ? undefined : variantId
    const saved = await save(deps, product, changed.value && { changed: [changed.value], thresholdOf })
    if (!saved.ok || saved.value === undefined) return saved.ok ? undefined : saved
    const set = await setVariantStock(deps, saved.value, request)
    return set.ok ? withVariant(set.value, variantId) : set
  })
}

/** @param written undefined when only the stock changes */
async function save(deps: SaveDeps, product: Product, written: Parameters<typeof saveVariants>[2] | undefined) {
  return written === undefined ? ok(product) : saveVariants(deps, product, written)
}

function withVariant(product: Product, variantId: number): Result<ChangedVariant, VariantNotFound> {
  const found = findVariant(product, variantId)
  return found.ok ? ok({ product, variant: found.value }) : found
}
