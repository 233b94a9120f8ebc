import type { Movement, StockLevel } from '@shop/contracts'
import { type Adjust, decideAdjust, decideOpen, decideSetOnHand, type SetOnHand } from './adjust.ts'
import type { Decision, Hold, Sale, StockChange } from './books.ts'
import { decideCommit, decideLateCommit, decideReturn } from './commit.ts'
import { decideExtend, decideHold, decideRelease, expire, type HoldRecord, stateOf } from './hold.ts'
import { fallsLow, type LowStockWatch } from './low-stock.ts'

/** Where one variant's stock is written down. Synchronous: nothing can happen between a look and a note. */
export type Books = {
  variantId: number
  level(): StockLevel
  hold(holdId: string): Hold | undefined
  sale(holdId: string): Sale | undefined
  movement(key: string): Movement | undefined
  wasSet(): boolean
  lowStock(): LowStockWatch
  watchLowStock(watch: LowStockWatch): void
  /** Live holds whose time is over, in any order. */
  overdueHolds(now: Date): Hold[]
  /** Writes all parts. A sale takes the place of its hold. */
  save(change: StockChange): void
}

/**
 * What can be done with one variant's stock. Each call first ends the holds whose time is over, whether or not an alarm
 * has told so, then decides and writes.
 */
export function keepStock(books: Books) {
  const record = (holdId: string): HoldRecord => ({
    variantId: books.variantId,
    level: books.level(),
    hold: books.hold(holdId),
    sale: books.sale(holdId),
  })
  const adjustmentRecord = (key: string) => ({ level: books.level(), known: books.movement(key) })
  const save = (change: StockChange, now: Date) => {
    const { level } = change
    const low = level && fallsLow(books.level(), level, books.lowStock(), now)
    books.save(low === undefined ? change : { ...change, low })
  }
  const settle = (now: Date) => {
    for (const hold of books.overdueHolds(now)) save(expire(books.level(), hold), now)
  }
  const carryOut = <T, F>(now: Date, decide: () => Decision<T, F>) => {
    settle(now)
    const { answer, change } = decide()
    save(change, now)
    return answer
  }
  return {
    settle,
    level: (now: Date) => {
      settle(now)
      return books.level()
    },
    findHolds: ({ holdIds }: { holdIds: string[] }, now: Date) => {
      settle(now)
      return holdIds.map((holdId) => ({ holdId, ...stateOf(record(holdId)) }))
    },
    hold: (request: { holdId: string; quantity: number; expiresAt: Date }, now: Date) => {
      assertQuantity(request.quantity)
      return carryOut(now, () => decideHold(record(request.holdId), request, now))
    },
    extend: (request: { holdId: string; expiresAt: Date }, now: Date) =>
      carryOut(now, () => decideExtend(record(request.holdId), request)),
    release: (request: { holdId: string }, now: Date) =>
      carryOut(now, () => decideRelease(record(request.holdId), request, now)),
    commit: (request: { holdId: string; quantity: number }, now: Date) => {
      assertQuantity(request.quantity)
      return carryOut(now, () => decideCommit(record(request.holdId), request, now))
    },
    commitLate: (request: { holdId: string; quantity: number }, now: Date) => {
      assertQuantity(request.quantity)
      return carryOut(now, () => decideLateCommit(record(request.holdId), request, now))
    },
    returnSale: (request: { holdId: string }, now: Date) =>
      carryOut(now, () => decideReturn(record(request.holdId), request, now)),
    adjust: (request: Adjust, now: Date) => {
      assertWhole(request.delta)
      return carryOut(now, () => decideAdjust(adjustmentRecord(request.key), request, now))
    },
    setOnHand: (request: SetOnHand, now: Date) => {
      assertWhole(request.onHand)
      return carryOut(now, () => decideSetOnHand(adjustmentRecord(request.key), request, now))
    },
    watchLowStock: (watch: LowStockWatch) => {
      if (watch.version > books.lowStock().version) books.watchLowStock(watch)
    },
    open: (request: { quantity: number; key: string }, now: Date) => {
      assertQuantity(request.quantity)
      const opening = () => ({ ...adjustmentRecord(request.key), wasSet: books.wasSet() })
      return carryOut(now, () => decideOpen(opening(), request, now))
    },
  }
}

export type StockKeeper = ReturnType<typeof keepStock>

/** Contracts have checked what clients send, so anything else here is a bug. */
function assertWhole(value: number): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`Not a whole number of units: ${value}`)
}

function assertQuantity(quantity: number): void {
  assertWhole(quantity)
  if (quantity < 1) throw new RangeError(`Not a quantity: ${quantity}`)
}
