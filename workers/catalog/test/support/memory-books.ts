import { type Adjustment, EMPTY_STOCK, type Hold, type Sale, type StockChange } from '../../src/domain/stock/books.ts'
import type { Books } from '../../src/domain/stock/keeper.ts'

/** Books on maps, for rules that do not depend on where they are kept. */
export function memoryBooks(variantId = 1) {
  let level = EMPTY_STOCK
  const holds = new Map<string, Hold>()
  const sales = new Map<string, Sale>()
  const adjustments = new Map<string, Adjustment>()
  const books: Books = {
    variantId,
    level: () => level,
    hold: (holdId) => holds.get(holdId),
    sale: (holdId) => sales.get(holdId),
    adjustment: (key) => adjustments.get(key),
    wasSet: () => [...adjustments.values()].some((adjustment) => adjustment.kind === 'set'),
    overdueHolds: (now) => [...holds.values()].filter((hold) => hold.state === 'live' && hold.expiresAt <= now),
    save: (change: StockChange) => {
      level = change.level ?? level
      if (change.hold !== undefined) holds.set(change.hold.holdId, change.hold)
      if (change.sale !== undefined) {
        holds.delete(change.sale.holdId)
        sales.set(change.sale.holdId, change.sale)
      }
      if (change.adjustment !== undefined) adjustments.set(change.adjustment.key, change.adjustment)
    },
  }
  return { books, holds, sales, adjustments }
}
