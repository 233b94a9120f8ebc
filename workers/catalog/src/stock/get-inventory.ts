import type { ProductNotFound, VariantRequired } from '@shop/contracts/catalog/failures'
import type { Caller } from '@shop/kernel/caller'
import type { InvalidCursor } from '@shop/kernel/pagination'
import type { Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { onlyVariantOf } from './internal/find-variant.ts'
import { type Inventory, type InventoryPage, readInventory } from './internal/read-inventory.ts'

/** The stock of a product with one variant, as its object has it now. */
export function getInventory(
  deps: Pick<CatalogDeps, 'variants' | 'stock'>,
  caller: Caller,
  { productId, ...page }: InventoryPage & { productId: number },
): Promise<Result<Inventory, ProductNotFound | VariantRequired | InvalidCursor>> {
  const find = () => onlyVariantOf(deps, caller, productId)
  return readInventory(deps, caller, { ...page, list: `ledger:${productId}`, find })
}
