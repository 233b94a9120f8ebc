import {
  type AdjustRequest,
  decideAdjust,
  decideOpen,
  decideSetAvailable,
  type OpenRequest,
  type SetAvailableRequest,
} from './adjust.ts'
import type { BatchedAnswers, BatchedMethod, BatchedRequests } from './batched.ts'
import { type CommitRequest, decideCommit, decideLateCommit, decideReturn } from './commit.ts'
import {
  decideExtend,
  decideHold,
  decideRelease,
  type ExtendRequest,
  expire,
  type HoldRecord,
  type HoldRequest,
  holdStateOf,
} from './hold.ts'
import type { StockLevel } from './level.ts'
import { fallToThreshold, type LowStockThreshold } from './low-stock.ts'
import type { Movement } from './movement.ts'
import type { Decision, Hold, Sale, StockChange } from './stock-change.ts'

/** The storage of one variant's stock. Synchronous, so that nothing can happen between a read and a write. */
export type StockStorage = {
  readonly variantId: number
  level(): StockLevel
  hold(holdId: string): Hold | undefined
  sale(holdId: string): Sale | undefined
  movement(key: string): Movement | undefined
  /** True when staff have set the stock. */
  wasSet(): boolean
  threshold(): LowStockThreshold
  saveThreshold(threshold: LowStockThreshold): void
  /** Live holds past `expiresAt`, in any order. */
  overdueHolds(now: Date): Hold[]
  /** Writes all parts. A sale replaces its hold. */
  save(change: StockChange): void
}

/**
 * The operations on one variant's stock. Each first expires the holds past their time, whether or not an alarm has
 * fired, then decides and writes.
 */
export class VariantStock {
  readonly #storage: StockStorage

  constructor(storage: StockStorage) {
    this.#storage = storage
  }

  expireHolds(now: Date): void {
    for (const hold of this.#storage.overdueHolds(now)) this.#save(expire(this.#storage.level(), hold), now)
  }

  level(now: Date): StockLevel {
    this.expireHolds(now)
    return this.#storage.level()
  }

  findHolds({ holdIds }: { holdIds: string[] }, now: Date) {
    this.expireHolds(now)
    return holdIds.map((holdId) => ({ holdId, ...holdStateOf(this.#holdRecord(holdId)) }))
  }

  hold(request: HoldRequest, now: Date) {
    assertQuantity(request.quantity)
    return this.#apply(now, () => decideHold(this.#holdRecord(request.holdId), request, now))
  }

  extend(request: ExtendRequest, now: Date) {
    return this.#apply(now, () => decideExtend(this.#holdRecord(request.holdId), request))
  }

  release(request: { holdId: string }, now: Date) {
    return this.#apply(now, () => decideRelease(this.#holdRecord(request.holdId), request, now))
  }

  commit(request: CommitRequest, now: Date) {
    assertQuantity(request.quantity)
    return this.#apply(now, () => decideCommit(this.#holdRecord(request.holdId), request, now))
  }

  commitLate(request: CommitRequest, now: Date) {
    assertQuantity(request.quantity)
    return this.#apply(now, () => decideLateCommit(this.#holdRecord(request.holdId), request, now))
  }

  returnSale(request: { holdId: string }, now: Date) {
    return this.#apply(now, () => decideReturn(this.#holdRecord(request.holdId), request, now))
  }

  /** Many requests of one kind, each decided as if it came alone. */
  batch<M extends BatchedMethod>(method: M, requests: BatchedRequests[M][], now: Date): BatchedAnswers[M][] {
    const decide: { [K in BatchedMethod]: (request: BatchedRequests[K]) => BatchedAnswers[K] } = {
      extend: (request) => this.extend(request, now),
      release: (request) => this.release(request, now),
      commit: (request) => this.commit(request, now),
      commitLate: (request) => this.commitLate(request, now),
      returnSale: (request) => this.returnSale(request, now),
    }
    return requests.map((request) => decide[method](request))
  }

  adjust(request: AdjustRequest, now: Date) {
    assertWhole(request.delta)
    return this.#apply(now, () => decideAdjust(this.#adjustmentRecord(request.key), request, now))
  }

  setAvailable(request: SetAvailableRequest, now: Date) {
    assertUnits(request.available)
    return this.#apply(now, () => decideSetAvailable(this.#adjustmentRecord(request.key), request, now))
  }

  open(request: OpenRequest, now: Date) {
    assertQuantity(request.quantity)
    const record = () => ({ ...this.#adjustmentRecord(request.key), wasSet: this.#storage.wasSet() })
    return this.#apply(now, () => decideOpen(record(), request, now))
  }

  /** Stores a threshold, unless a newer one is known. */
  watchLowStock(threshold: LowStockThreshold): void {
    if (threshold.version > this.#storage.threshold().version) this.#storage.saveThreshold(threshold)
  }

  #apply<T, F>(now: Date, decide: () => Decision<T, F>) {
    this.expireHolds(now)
    const { answer, change } = decide()
    this.#save(change, now)
    return answer
  }

  #save(change: StockChange, now: Date): void {
    const { level } = change
    const low = level && fallToThreshold(this.#storage.level(), level, this.#storage.threshold(), now)
    this.#storage.save(low === undefined ? change : { ...change, low })
  }

  #holdRecord(holdId: string): HoldRecord {
    const storage = this.#storage
    const { variantId } = storage
    return { variantId, level: storage.level(), hold: storage.hold(holdId), sale: storage.sale(holdId) }
  }

  #adjustmentRecord(key: string) {
    return { level: this.#storage.level(), known: this.#storage.movement(key) }
  }
}

/** Schemas have checked what clients send, so anything else is a bug. */
function assertWhole(value: number): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`Not a whole number of units: ${value}`)
}

function assertUnits(units: number): void {
  assertWhole(units)
  if (units < 0) throw new RangeError(`Fewer than no units: ${units}`)
}

function assertQuantity(quantity: number): void {
  assertWhole(quantity)
  if (quantity < 1) throw new RangeError(`Not a quantity: ${quantity}`)
}
