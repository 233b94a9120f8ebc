import type { ProblemTable } from '@shop/kernel/failures'
import type { ReturnStatus } from './states.ts'

export type ReturnNotFound = { code: 'return_not_found'; returnId: string }
export type ReturnStatusConflict = { code: 'return_status_conflict'; returnId: string; returnStatus: ReturnStatus }
/** Only units that have left can come back, each once; `left` may be 0. */
export type QuantityExceedsReturnable = {
  code: 'quantity_exceeds_returnable'
  lineId: string
  requested: number
  left: number
}
/** Fewer units of the line are still expected by the return; `left` may be 0. */
export type QuantityExceedsToReceive = {
  code: 'quantity_exceeds_to_receive'
  lineId: string
  requested: number
  left: number
}
/** The customer had until then to return units of the line. `until` is RFC 3339. */
export type ReturnWindowOver = { code: 'return_window_over'; lineId: string; until: string }
/** Not one of the reasons of the shop. */
export type ReturnReasonUnknown = { code: 'return_reason_unknown'; reason: string; reasons: string[] }

/** Its units were exchanged before, which happens once for a return. */
export type ReturnExchanged = { code: 'return_exchanged'; returnId: string; exchangeOrderId: string }

export type ReturnsFailure =
  | ReturnNotFound
  | ReturnStatusConflict
  | QuantityExceedsReturnable
  | QuantityExceedsToReceive
  | ReturnWindowOver
  | ReturnReasonUnknown
  | ReturnExchanged

export const RETURNS_PROBLEMS = {
  return_not_found: { status: 404, title: 'Return not found' },
  return_status_conflict: { status: 409, title: 'The return cannot move to this status' },
  quantity_exceeds_returnable: { status: 409, title: 'More units than can be returned' },
  quantity_exceeds_to_receive: { status: 409, title: 'More units than the return still expects' },
  return_window_over: { status: 409, title: 'The time to return it is over' },
  return_reason_unknown: { status: 422, title: 'Not a reason for returns of this shop' },
  return_exchanged: { status: 409, title: 'What came back was exchanged before' },
} as const satisfies ProblemTable<ReturnsFailure>
