import type { Movement } from '@shop/contracts'
import { EMPTY_STOCK, type Hold, type Sale, type StockChange } from '../../src/domain/stock/books.ts'
import type { Books } from '../../src/domain/stock/keeper.ts'
import { type LowStock, NOT_WATCHED } from '../../src/domain/stock/low-stock.ts'

/** Books on maps, for rules that do not depend on where they are kept. */
export function memoryBooks(variantId = 1) {
  let level = EMPTY_STOCK
  const holds = new Map<string, Hold>()
  const sales = new Map<string, Sale>()
  const ledger = new Map<string, Movement>()
  const low: LowStock[] = []
  let watch = NOT_WATCHED
  const books: Books = {
    variantId,
    level: () => level,
    hold: (holdId) => holds.get(holdId),
    sale: (holdId) => sales.get(holdId),
    movement: (key) => ledger.get(key),
    wasSet: () => [...ledger.values()].some(({ reason }) => reason === 'set'),
    lowStock: () => watch,
    watchLowStock: (next) => {
      watch = next
    },
    overdueHolds: (now) => [...holds.values()].filter((hold) => hold.state === 'live' && hold.expiresAt <= now),
    save: (change: StockChange) => {
      level = change.level ?? level
      if (change.hold !== undefined) holds.set(change.hold.holdId, change.hold)
      if (change.sale !== undefined) {
        holds.delete(change.sale.holdId)
        sales.set(change.sale.holdId, change.sale)
      }
      if (change.movement !== undefined) {
        if (ledger.has(change.movement.key)) throw new Error(`${change.movement.key} is in the ledger already`)
        ledger.set(change.movement.key, change.movement)
      }
      if (change.low !== undefined) low.push(change.low)
    },
  }
  return { books, holds, sales, ledger, low }
}
