import type { HoldConflict, HoldFailure, HoldGone } from '@shop/contracts/catalog/failures'
import type { Result } from '@shop/kernel/result'
import type { CommitRequest } from './commit.ts'
import type { ExtendRequest } from './hold.ts'
import type { StockLevel } from './level.ts'
import type { StockApplied } from './stock-change.ts'

/** The requests that sweeps and consumers of events make for many orders at once. */
export type BatchedRequests = {
  extend: ExtendRequest
  release: { holdId: string }
  commit: CommitRequest
  commitLate: CommitRequest
  returnSale: { holdId: string }
}
export type BatchedAnswers = {
  extend: Result<StockLevel, HoldGone>
  release: Result<StockLevel, never>
  commit: Result<StockApplied, HoldGone | HoldConflict>
  commitLate: Result<StockApplied, HoldFailure>
  returnSale: Result<StockLevel, never>
}
export type BatchedMethod = keyof BatchedRequests
