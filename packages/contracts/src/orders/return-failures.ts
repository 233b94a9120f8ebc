import type { ProblemTable } from '@shop/kernel/failures'
import type { ReturnStatus } from './states.ts'

export type ReturnNotFound = { code: 'return_not_found'; returnId: string }
export type ReturnStatusConflict = { code: 'return_status_conflict'; returnId: string; returnStatus: ReturnStatus }
/** Only shipped units can be returned, each once; `left` may be 0. */
export type QuantityExceedsReturnable = {
  code: 'quantity_exceeds_returnable'
  lineId: string
  requested: number
  left: number
}
/** The return expects only `left` more units of the line, which may be 0. */
export type QuantityExceedsToReceive = {
  code: 'quantity_exceeds_to_receive'
  lineId: string
  requested: number
  left: number
}
/** The customer could request a return of the line until `until` (RFC 3339). */
export type ReturnWindowOver = { code: 'return_window_over'; lineId: string; until: string }
/** `reason` is not one of the shop's `reasons`. */
export type ReturnReasonUnknown = { code: 'return_reason_unknown'; reason: string; reasons: string[] }

/** The return was already exchanged, for `exchangeOrderId`. */
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
  return_window_over: { status: 409, title: 'The time to return these units is over' },
  return_reason_unknown: { status: 422, title: 'The shop has no such return reason' },
  return_exchanged: { status: 409, title: 'The return was already exchanged' },
} as const satisfies ProblemTable<ReturnsFailure>
