import type {
  AdjustmentConflict,
  HoldConflict,
  HoldFailure,
  HoldGone,
  StockBelowHeld,
} from '@shop/contracts/catalog/failures'
import type { StockTerms } from '@shop/contracts/catalog/rpc'
import type { Result } from '@shop/kernel/result'
import type { Adjusted, AdjustRequest } from './adjust.ts'
import type { CommitRequest } from './commit.ts'
import type { ExtendRequest } from './hold.ts'
import type { StockLevel } from './level.ts'
import type { StockApplied } from './stock-change.ts'

/** A request that opens the object where it is not open yet. */
export type WithTerms = { terms: StockTerms }

/** The requests that sweeps and consumers of events make for many orders at once. */
export type BatchedRequests = {
  extend: ExtendRequest
  release: { holdId: string }
  commit: CommitRequest
  commitLate: CommitRequest & WithTerms
  returnSale: { holdId: string }
  adjust: AdjustRequest & WithTerms
}
export type BatchedAnswers = {
  extend: Result<StockLevel, HoldGone>
  release: Result<StockLevel, never>
  commit: Result<StockApplied, HoldGone | HoldConflict>
  commitLate: Result<StockApplied, HoldFailure>
  returnSale: Result<StockLevel, never>
  adjust: Result<Adjusted, StockBelowHeld | AdjustmentConflict>
}
export type BatchedMethod = keyof BatchedRequests
