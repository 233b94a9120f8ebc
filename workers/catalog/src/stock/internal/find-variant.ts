import type { ProductNotFound, VariantNotFound, VariantRequired } from '@shop/contracts/catalog/failures'
import { hasScope } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../../deps.ts'
import { variantRequired } from '../../variants/domain/variant.ts'
import type { StockedVariant } from '../domain/stocked-variant.ts'

type FindDeps = Pick<CatalogDeps, 'variants'>

/** The variant, as far as the caller may know of it. */
export async function variantOf(
  { variants }: FindDeps,
  caller: Caller,
  variantId: number,
): Promise<Result<StockedVariant, VariantNotFound>> {
  const variant = await variants.find(variantId)
  return variant !== undefined && maySee(caller, variant) ? ok(variant) : fail({ code: 'variant_not_found', variantId })
}

/** The one variant of a product, as far as the caller may know of it. */
export async function onlyVariantOf(
  { variants }: FindDeps,
  caller: Caller,
  productId: number,
): Promise<Result<StockedVariant, ProductNotFound | VariantRequired>> {
  const found = await variants.findOfProduct(productId)
  const [variant, ...others] = found
  if (variant === undefined || !maySee(caller, variant)) return fail({ code: 'product_not_found', productId })
  return others.length === 0 ? ok(variant) : fail(variantRequired(productId, found))
}

const DRAFT_SCOPES = ['products:read', 'inventory:read', 'inventory:write'] as const

const maySee = (caller: Caller, { isDraft }: StockedVariant): boolean =>
  !isDraft || DRAFT_SCOPES.some((scope) => hasScope(caller, scope))
