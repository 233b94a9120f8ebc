import type { StockTerms } from '@shop/contracts/catalog/rpc'
import { type AdjustRequest, decideAdjust, decideSetAvailable, type SetAvailableRequest } from './adjust.ts'
import type { BatchedAnswers, BatchedMethod, BatchedRequests, WithTerms } from './batched.ts'
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
import { isLost, isOfLostStock, isOpen, type LostStock, open, unopenedLevel } from './opening.ts'
import type { Decision, Hold, Sale, StockChange } from './stock-change.ts'

/** The storage of one variant's stock. Synchronous, so that nothing can happen between a read and a write. */
export type StockStorage = {
  readonly variantId: number
  level(): StockLevel
  hold(holdId: string): Hold | undefined
  sale(holdId: string): Sale | undefined
  movement(key: string): Movement | undefined
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
 *
 * A request with terms opens the stock first where it is not open yet; a question with terms is answered from them and
 * writes nothing. Both are refused where the storage is lost.
 */
export class VariantStock {
  readonly #storage: StockStorage

  constructor(storage: StockStorage) {
    this.#storage = storage
  }

  expireHolds(now: Date): void {
    for (const hold of this.#storage.overdueHolds(now)) this.#save(expire(this.#storage.level(), hold), now)
  }

  level({ terms }: WithTerms, now: Date): StockLevel | LostStock {
    this.expireHolds(now)
    const level = this.#storage.level()
    if (isLost(level, terms)) return this.#lost()
    return isOpen(level) ? level : unopenedLevel(terms)
  }

  findHolds({ holdIds }: { holdIds: string[] }, now: Date) {
    this.expireHolds(now)
    return holdIds.map((holdId) => ({ holdId, ...holdStateOf(this.#holdRecord(holdId)) }))
  }

  hold({ terms, ...request }: HoldRequest & WithTerms, now: Date) {
    assertQuantity(request.quantity)
    const record = () => ({ ...this.#holdRecord(request.holdId), policy: terms.policy })
    return this.#applyOpen(terms, now, () => decideHold(record(), request, now))
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

  commitLate({ terms, ...request }: CommitRequest & WithTerms, now: Date) {
    assertQuantity(request.quantity)
    const record = () => ({ ...this.#holdRecord(request.holdId), policy: terms.policy })
    return this.#applyOpen(terms, now, () => decideLateCommit(record(), request, now))
  }

  returnSale(request: { holdId: string }, now: Date) {
    return this.#apply(now, () => decideReturn(this.#holdRecord(request.holdId), request, now))
  }

  /** Many requests of one kind, each decided as if it came alone; none counts where the storage is lost. */
  batch<M extends BatchedMethod>(
    method: M,
    requests: BatchedRequests[M][],
    now: Date,
  ): BatchedAnswers[M][] | LostStock {
    const decide: { [K in BatchedMethod]: (request: BatchedRequests[K]) => BatchedAnswers[K] | LostStock } = {
      extend: (request) => this.extend(request, now),
      release: (request) => this.release(request, now),
      commit: (request) => this.commit(request, now),
      commitLate: (request) => this.commitLate(request, now),
      returnSale: (request) => this.returnSale(request, now),
      adjust: (request) => this.adjust(request, now),
    }
    const answers: BatchedAnswers[M][] = []
    for (const request of requests) {
      const answer: unknown = decide[method](request)
      if (isOfLostStock(answer)) return answer
      // It is of the method, which TypeScript does not follow.
      answers.push(answer as BatchedAnswers[M])
    }
    return answers
  }

  adjust({ terms, ...request }: AdjustRequest & WithTerms, now: Date) {
    assertWhole(request.delta)
    return this.#applyOpen(terms, now, () => decideAdjust(this.#adjustmentRecord(request.key, terms), request, now))
  }

  setAvailable({ terms, ...request }: SetAvailableRequest & WithTerms, now: Date) {
    assertWhole(request.available)
    return this.#applyOpen(terms, now, () =>
      decideSetAvailable(this.#adjustmentRecord(request.key, terms), request, now),
    )
  }

  #applyOpen<T, F>(terms: StockTerms, now: Date, decide: () => Decision<T, F>) {
    const storage = this.#storage
    if (isLost(storage.level(), terms)) return this.#lost()
    if (terms.thresholdVersion > storage.threshold().version) {
      storage.saveThreshold({ threshold: terms.threshold, version: terms.thresholdVersion })
    }
    if (!isOpen(storage.level())) this.#save(open(storage.variantId, terms, now), now)
    return this.#apply(now, decide)
  }

  #lost(): LostStock {
    return { ok: false, failure: { code: 'stock_lost', variantId: this.#storage.variantId } }
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

  #adjustmentRecord(key: string, { policy }: StockTerms) {
    return { level: this.#storage.level(), known: this.#storage.movement(key), policy }
  }
}

/** Schemas have checked what clients send, so anything else is a bug. */
function assertWhole(value: number): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`Not a whole number of units: ${value}`)
}

function assertQuantity(quantity: number): void {
  assertWhole(quantity)
  if (quantity < 1) throw new RangeError(`Not a quantity: ${quantity}`)
}
