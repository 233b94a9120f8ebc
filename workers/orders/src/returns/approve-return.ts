import type { ReturnStatusConflict } from '@shop/contracts/orders/return-failures'
import type { Caller } from '@shop/kernel/caller'
import type { Result } from '@shop/kernel/result'
import { approveReturn as decide } from './domain/return-steps.ts'
import { type ChangeReturnDeps, type ChangeReturnFailure, changeReturn } from './internal/change-return.ts'
import type { ReturnOfOrder } from './internal/find-return.ts'

/** Approves a requested return, for staff. Repeating it changes nothing. */
export function approveReturn(
  deps: ChangeReturnDeps,
  caller: Caller,
  returnId: string,
): Promise<Result<ReturnOfOrder, ChangeReturnFailure | ReturnStatusConflict>> {
  return changeReturn(deps, caller, returnId, (order, known) => decide(order, known, deps.now()))
}
