import type { ProductNotFound, StockLedgerEntry, StockLevel } from '@shop/contracts'
import { type Caller, DEFAULT_LIMIT, fail, type InvalidCursor, isStaff, ok, type Result, toPage } from '@shop/kernel'
import { idCursor } from '../domain/id-cursor.ts'
import type { CatalogDeps } from '../ports.ts'

type GetInventory = { productId: number; cursor?: string | undefined; limit?: number | undefined }
/** `ledger` is for staff; anybody else is told what can be bought and nothing more. */
export type Inventory = {
  level: StockLevel
  lowStockThreshold: number | null
  ledger?: { items: StockLedgerEntry[]; nextCursor: string | null }
}

/** What the stock object itself says of a product, as of now. */
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
