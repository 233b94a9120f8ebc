import type { InvalidVariants, ProductNotFound, SkuTaken, TooManyVariants } from '@shop/contracts/catalog/failures'
import { type AccessFailure, type Caller, requireStaff } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { InvalidPrice } from '../products/domain/price.ts'
import { type SaveDeps, saveVariants } from '../products/save-product.ts'
import { furtherVariant, type VariantDraft } from './domain/new-variant.ts'
import type { ChangedVariant } from './domain/variant-changes.ts'

type CreateFailure =
  | AccessFailure
  | ProductNotFound
  | VersionConflict
  | InvalidPrice
  | InvalidVariants
  | TooManyVariants
  | SkuTaken

/** Adds a variant to a product, in its currency and after those that it has. */
export async function createVariant(
  deps: SaveDeps,
  caller: Caller,
  { productId, draft, versions }: { productId: number; draft: VariantDraft; versions?: ExpectedVersions },
): Promise<Result<ChangedVariant, CreateFailure>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  return untilSaved<Result<ChangedVariant, CreateFailure>>(async () => {
    const product = await deps.products.find(productId)
    if (product === undefined || product.status === 'archived') return fail({ code: 'product_not_found', productId })
    const current = checkVersion(versions, product.version)
    if (!current.ok) return current
    const decided = furtherVariant(product, draft)
    if (!decided.ok) return decided
    const saved = await saveVariants(deps, product, { added: [decided.value] })
    if (!saved.ok) return saved
    const variant = saved.value?.variants.at(-1)
    return saved.value && variant && ok({ product: saved.value, variant })
  })
}
