import type { LastVariant, ProductNotFound, VariantNotFound } from '@shop/contracts/catalog/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { Product } from '../products/domain/product.ts'
import { type SaveDeps, saveVariants } from '../products/save-product.ts'
import { removableVariant } from './domain/variant-changes.ts'
import { presentProduct } from './internal/present-product.ts'

type DeleteRequest = { productId: number; variantId: number; versions?: ExpectedVersions }
type DeleteFailure = AccessFailure | ProductNotFound | VariantNotFound | LastVariant | VersionConflict

/**
 * Removes a variant from its product. Orders and its stock object still refer to it; its SKU is free.
 *
 * @returns the product without it
 */
export async function deleteVariant(
  deps: SaveDeps,
  caller: Caller,
  { productId, variantId, versions }: DeleteRequest,
): Promise<Result<Product, DeleteFailure>> {
  const staff = requireScope(caller, 'products:write')
  if (!staff.ok) return staff
  return untilSaved<Result<Product, DeleteFailure>>(async () => {
    const present = await presentProduct(deps, productId)
    if (!present.ok) return present
    const product = present.value
    const current = checkVersion(versions, product.version)
    if (!current.ok) return current
    const removable = removableVariant(product, variantId)
    if (!removable.ok) return removable
    const saved = await saveVariants(deps, product, { removedId: variantId })
    if (!saved.ok) throw new Error(`A deletion was refused: ${saved.failure.code}`)
    return saved.value && ok(saved.value)
  })
}
