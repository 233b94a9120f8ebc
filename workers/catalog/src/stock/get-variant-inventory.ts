import type { VariantNotFound } from '@shop/contracts/catalog/failures'
import type { Caller } from '@shop/kernel/caller'
import type { InvalidCursor } from '@shop/kernel/pagination'
import type { Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { variantOf } from './internal/find-variant.ts'
import { type Inventory, type InventoryPage, readInventory } from './internal/read-inventory.ts'

/** The stock of a variant as its object has it now. */
export function getVariantInventory(
  deps: Pick<CatalogDeps, 'variants' | 'stock'>,
  caller: Caller,
  { variantId, ...page }: InventoryPage & { variantId: number },
): Promise<Result<Inventory, VariantNotFound | InvalidCursor>> {
  const find = () => variantOf(deps, caller, variantId)
  return readInventory(deps, caller, { ...page, list: `ledger:variant:${variantId}`, find })
}
