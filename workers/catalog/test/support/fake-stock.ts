import type { Movement } from '@shop/contracts'
import { Unavailable } from '@shop/kernel'
import { keepStock, type StockKeeper } from '../../src/domain/stock/keeper.ts'
import type { LowStock } from '../../src/domain/stock/low-stock.ts'
import type { StockObjects } from '../../src/ports.ts'
import { memoryBooks } from './memory-books.ts'

export type Fault = { variantId: number; method: keyof StockObjects; when: 'before' | 'after' }

/** Stock objects in memory, each with `onHand` units to begin with. A fault strikes once: the call throws. */
export function fakeStock(onHand: Record<number, number>, clock: { now: Date }) {
  const keepers = new Map<number, StockKeeper>()
  const ledgers = new Map<number, Map<string, Movement>>()
  const lows = new Map<number, LowStock[]>()
  const newKeeper = (variantId: number) => {
    const { books, ledger, low } = memoryBooks(variantId)
    ledgers.set(variantId, ledger)
    lows.set(variantId, low)
    return keepStock(books)
  }
  for (const [id, quantity] of Object.entries(onHand)) {
    const keeper = newKeeper(Number(id))
    if (quantity > 0) keeper.adjust({ delta: quantity, reason: 'correct', key: 'start' }, clock.now)
    keepers.set(Number(id), keeper)
  }
  const faults: Fault[] = []
  const calls: string[] = []
  const keeperOf = (variantId: number) => {
    const known = keepers.get(variantId) ?? newKeeper(variantId)
    keepers.set(variantId, known)
    return known
  }
  async function ask<T>(variantId: number, method: keyof StockObjects, work: (keeper: StockKeeper) => T): Promise<T> {
    await Promise.resolve()
    calls.push(`${method} ${variantId}`)
    const index = faults.findIndex((fault) => fault.variantId === variantId && fault.method === method)
    const fault = index < 0 ? undefined : faults.splice(index, 1)[0]
    if (fault?.when === 'before') throw new Unavailable('stock')
    const answer = work(keeperOf(variantId))
    if (fault?.when === 'after') throw new Unavailable('stock')
    return answer
  }
  const stock: StockObjects = {
    level: (id) => ask(id, 'level', (keeper) => keeper.level(clock.now)),
    ledger: (id, { before = Number.MAX_SAFE_INTEGER, limit }) =>
      ask(id, 'ledger', (keeper) => {
        const entries = [...(ledgers.get(id)?.values() ?? [])].map((movement, index) => ({
          ...movement,
          entry: index + 1,
        }))
        const page = entries.filter(({ entry }) => entry < before).reverse()
        return { level: keeper.level(clock.now), entries: page.slice(0, limit) }
      }),
    audit: (id) =>
      ask(id, 'audit', (keeper) => {
        const level = keeper.level(clock.now)
        const moved = [...(ledgers.get(id)?.values() ?? [])].reduce((sum, { delta }) => sum + delta, 0)
        return { level, moved, held: level.held, isListingDue: false }
      }),
    findHolds: (id, request) => ask(id, 'findHolds', (keeper) => keeper.findHolds(request, clock.now)),
    adjust: (id, request) => ask(id, 'adjust', (keeper) => keeper.adjust(request, clock.now)),
    watchLowStock: (id, watch) => ask(id, 'watchLowStock', (keeper) => keeper.watchLowStock(watch)),
    hold: (id, request) => ask(id, 'hold', (keeper) => keeper.hold(request, clock.now)),
    extend: (id, request) => ask(id, 'extend', (keeper) => keeper.extend(request, clock.now)),
    release: (id, request) => ask(id, 'release', (keeper) => keeper.release(request, clock.now)),
    commit: (id, request) => ask(id, 'commit', (keeper) => keeper.commit(request, clock.now)),
    commitLate: (id, request) => ask(id, 'commitLate', (keeper) => keeper.commitLate(request, clock.now)),
    returnSale: (id, request) => ask(id, 'returnSale', (keeper) => keeper.returnSale(request, clock.now)),
    setOnHand: (id, request) => ask(id, 'setOnHand', (keeper) => keeper.setOnHand(request, clock.now)),
    open: (id, request) => ask(id, 'open', (keeper) => keeper.open(request, clock.now)),
  }
  const level = (variantId: number) => {
    const { onHand, held } = keeperOf(variantId).level(clock.now)
    return { onHand, held }
  }
  return { stock, faults, calls, level, keeperOf, lowOf: (variantId: number) => lows.get(variantId) ?? [] }
}
