import type { StockLevel } from '@shop/contracts'
import { decideAdjust, decideOpen, decideSetOnHand } from './adjust.ts'
import type { Adjustment, Decision, Hold, Sale, StockChange } from './books.ts'
import { decideCommit, decideLateCommit, decideReturn } from './commit.ts'
import { decideExtend, decideHold, decideRelease, expire, type HoldRecord } from './hold.ts'

/** Where one variant's stock is written down. Synchronous: nothing can happen between a look and a note. */
export type Books = {
  variantId: number
  level(): StockLevel
  hold(holdId: string): Hold | undefined
  sale(holdId: string): Sale | undefined
  adjustment(key: string): Adjustment | undefined
  wasSet(): boolean
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
  const adjustmentRecord = (key: string) => ({ level: books.level(), known: books.adjustment(key) })
  const settle = (now: Date) => {
    for (const hold of books.overdueHolds(now)) books.save(expire(books.level(), hold))
  }
  const carryOut = <T, F>(now: Date, decide: () => Decision<T, F>) => {
    settle(now)
    const { answer, change } = decide()
    books.save(change)
    return answer
  }
  return {
    settle,
    level: (now: Date) => {
      settle(now)
      return books.level()
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
    adjust: (request: { delta: number; reason: string; key: string }, now: Date) => {
      assertWhole(request.delta)
      return carryOut(now, () => decideAdjust(adjustmentRecord(request.key), request, now))
    },
    setOnHand: (request: { onHand: number; key: string }, now: Date) => {
      assertWhole(request.onHand)
      return carryOut(now, () => decideSetOnHand(adjustmentRecord(request.key), request, now))
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
