import type { ProductNotFound, VariantRequired } from '@shop/contracts/catalog/failures'
import { type Caller, isStaff } from '@shop/kernel/caller'
import { DEFAULT_LIMIT, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { findSoldVariant } from '../products/find-sold-variant.ts'
import { idCursor } from './domain/id-cursor.ts'
import type { StockLevel } from './domain/level.ts'
import type { StockLedgerEntry } from './domain/movement.ts'

type GetInventory = { productId: number; cursor?: string | undefined; limit?: number | undefined }
/** `ledger` is for staff; other callers see only what is available. */
export type Inventory = {
  level: StockLevel
  lowStockThreshold: number | null
  ledger?: { items: StockLedgerEntry[]; nextCursor: string | null }
}

/** The stock of a product as its object has it now. */
export async function getInventory(
  { products, stock }: Pick<CatalogDeps, 'products' | 'stock'>,
  caller: Caller,
  { productId, cursor, limit = DEFAULT_LIMIT }: GetInventory,
): Promise<Result<Inventory, ProductNotFound | VariantRequired | InvalidCursor>> {
  const ledgerCursor = idCursor(`ledger:${productId}`)
  const before = cursor === undefined || !isStaff(caller) ? ok(undefined) : ledgerCursor.read(cursor)
  if (!before.ok) return before
  const variant = await findSoldVariant({ products }, caller, productId)
  if (!variant.ok) return variant
  const { id: variantId, lowStockThreshold } = variant.value
  if (!isStaff(caller)) return ok({ level: await stock.level(variantId), lowStockThreshold })
  const { level, entries } = await stock.ledger(variantId, { before: before.value, limit: limit + 1 })
  return ok({ level, ledger: toPage(entries, limit, ({ entry }) => ledgerCursor.at(entry)), lowStockThreshold })
}
