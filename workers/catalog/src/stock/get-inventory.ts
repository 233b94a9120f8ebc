import type { ProductNotFound } from '@shop/contracts/catalog/failures'
import { type Caller, isStaff } from '@shop/kernel/caller'
import { DEFAULT_LIMIT, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
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
): Promise<Result<Inventory, ProductNotFound | InvalidCursor>> {
  const ledgerCursor = idCursor(`ledger:${productId}`)
  const before = cursor === undefined || !isStaff(caller) ? ok(undefined) : ledgerCursor.read(cursor)
  if (!before.ok) return before
  const product = await products.find(productId)
  if (product === undefined) return fail({ code: 'product_not_found', productId })
  const { variantId, lowStockThreshold } = product
  if (!isStaff(caller)) return ok({ level: await stock.level(variantId), lowStockThreshold })
  const { level, entries } = await stock.ledger(variantId, { before: before.value, limit: limit + 1 })
  return ok({ level, ledger: toPage(entries, limit, ({ entry }) => ledgerCursor.at(entry)), lowStockThreshold })
}
