import { EMPTY_STOCK } from '../../src/stock/domain/level.ts'
import { type LowStock, NO_THRESHOLD } from '../../src/stock/domain/low-stock.ts'
import type { Movement } from '../../src/stock/domain/movement.ts'
import type { Hold, Sale, StockChange } from '../../src/stock/domain/stock-change.ts'
import type { StockStorage } from '../../src/stock/domain/variant-stock.ts'

/** The storage of one variant in memory, for rules that do not depend on SQLite. */
export function memoryStockStorage(variantId = 1) {
  let level = EMPTY_STOCK
  const holds = new Map<string, Hold>()
  const sales = new Map<string, Sale>()
  const ledger = new Map<string, Movement>()
  const low: LowStock[] = []
  let threshold = NO_THRESHOLD
  const storage: StockStorage = {
    variantId,
    level: () => level,
    hold: (holdId) => holds.get(holdId),
    sale: (holdId) => sales.get(holdId),
    movement: (key) => ledger.get(key),
    threshold: () => threshold,
    saveThreshold: (next) => {
      threshold = next
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
  return { storage, ledger, low }
}
