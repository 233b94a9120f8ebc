import type {
  InvalidPrices,
  InvalidVariants,
  ProductNotFound,
  SkuTaken,
  TooManyVariants,
} from '@shop/contracts/catalog/failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey, type KeyKnown } from '@shop/kernel/create-once'
import { ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import { announceChange } from '../caching/announce-change.ts'
import type { CatalogDeps } from '../deps.ts'
import type { InvalidPrice } from '../prices/domain/price.ts'
import type { Product } from '../products/domain/product.ts'
import type { SaveDeps } from '../products/save-product.ts'
import { furtherVariant, type VariantDraft } from './domain/new-variant.ts'
import type { ChangedVariant } from './domain/variant-changes.ts'
import { presentProduct } from './internal/present-product.ts'

type CreateDeps = SaveDeps & Pick<CatalogDeps, 'keys'>
type CreateFailure =
  | ProductNotFound
  | VersionConflict
  | InvalidPrice
  | InvalidPrices
  | InvalidVariants
  | TooManyVariants
  | SkuTaken

type Addition = { productId: number; draft: VariantDraft; versions?: ExpectedVersions }

/** Adds a variant to a product, in its currency and after those that it has; once, if the request has a key. */
export async function createVariant(
  deps: CreateDeps,
  caller: Caller,
  { productId, draft, versions }: Addition,
  idempotencyKey?: string,
): Promise<Result<Created<ChangedVariant>, AccessFailure | CreateFailure | CreateOnceFailure>> {
  const staff = requireScope(caller, 'products:write')
  if (!staff.ok) return staff
  const key = await creationKey(`${actorIdOf(staff.value)}:createVariant`, idempotencyKey, { productId, draft })
  return createOnce(key, {
    create: () =>
      untilSaved<Result<ChangedVariant, CreateFailure | KeyKnown>>(async () => {
        const present = await presentProduct(deps, productId)
        if (!present.ok) return present
        const current = checkVersion(versions, present.value.version)
        if (!current.ok) return current
        const decided = furtherVariant(present.value, draft)
        if (!decided.ok) return decided
        const addition = { decidedFrom: present.value, variant: decided.value, key, updatedAt: deps.now() }
        const saved = await deps.products.insertVariant(addition)
        if (!saved.ok) return saved
        if (saved.value === undefined) return undefined
        await announceChange(deps, saved.value.eventId)
        return withVariant(saved.value.product, saved.value.product.variants.at(-1)?.id)
      }),
    findKey: deps.keys.find,
    find: async (id) => {
      const present = await presentProduct(deps, productId)
      return present.ok ? withVariant(present.value, Number(id))?.value : undefined
    },
  })
}

function withVariant(product: Product, id: number | undefined) {
  const variant = product.variants.find((one) => one.id === id)
  return variant && ok({ product, variant })
}
