import { hasScope } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import { DEFAULT_LIMIT, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../../deps.ts'
import { idCursor } from '../domain/id-cursor.ts'
import type { StockLevel } from '../domain/level.ts'
import type { StockLedgerEntry } from '../domain/movement.ts'
import type { StockedVariant } from '../domain/stocked-variant.ts'

export type InventoryPage = { cursor?: string | undefined; limit?: number | undefined }
/** `ledger` is for staff; other callers see only what is available. */
export type Inventory = {
  variant: StockedVariant
  level: StockLevel
  ledger?: { items: StockLedgerEntry[]; nextCursor: string | null }
}

type ReadInventory<F> = InventoryPage & {
  /** Name of the ledger in cursors. */
  list: string
  find: () => Promise<Result<StockedVariant, F>>
}

/** The stock of a variant as its object has it now, and a page of its ledger. */
export async function readInventory<F>(
  { stock }: Pick<CatalogDeps, 'stock'>,
  caller: Caller,
  { list, find, cursor, limit = DEFAULT_LIMIT }: ReadInventory<F>,
): Promise<Result<Inventory, F | InvalidCursor>> {
  const ledgerCursor = idCursor(list)
  const seesLedger = hasScope(caller, 'inventory:read')
  const before = cursor === undefined || !seesLedger ? ok(undefined) : ledgerCursor.read(cursor)
  if (!before.ok) return before
  const found = await find()
  if (!found.ok) return found
  const variant = found.value
  const { id, terms } = variant
  if (!seesLedger) return ok({ variant, level: await stock.level(id, { terms }) })
  const { level, entries } = await stock.ledger(id, { before: before.value, limit: limit + 1, terms })
  return ok({ variant, level, ledger: toPage(entries, limit, ({ entry }) => ledgerCursor.at(entry)) })
}
