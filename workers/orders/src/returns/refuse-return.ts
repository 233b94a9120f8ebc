import type { ReturnStatusConflict } from '@shop/contracts/orders/return-failures'
import type { Caller } from '@shop/kernel/caller'
import type { Result } from '@shop/kernel/result'
import { refuseReturn as decide } from './domain/return-steps.ts'
import { type ChangeReturnDeps, type ChangeReturnFailure, changeReturn } from './internal/change-return.ts'
import type { ReturnOfOrder } from './internal/find-return.ts'

/**
 * Refuses a requested return. Repeating it changes nothing, and keeps the first reason.
 *
 * @param reason the customer can read it
 */
export function refuseReturn(
  deps: ChangeReturnDeps,
  caller: Caller,
  returnId: string,
  reason: string,
): Promise<Result<ReturnOfOrder, ChangeReturnFailure | ReturnStatusConflict>> {
  return changeReturn(deps, caller, returnId, (order, known) => decide(order, known, reason, deps.now()))
}
