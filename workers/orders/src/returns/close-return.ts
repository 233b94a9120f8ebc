import type { ReturnStatusConflict } from '@shop/contracts/orders/return-failures'
import type { Caller } from '@shop/kernel/caller'
import type { Result } from '@shop/kernel/result'
import { closeReturn as decide } from './domain/return-steps.ts'
import { type ChangeReturnDeps, type ChangeReturnFailure, changeReturn } from './internal/change-return.ts'
import type { ReturnOfOrder } from './internal/find-return.ts'

/** Closes a return, for staff: units that were not received can be returned again. Repeating it changes nothing. */
export function closeReturn(
  deps: ChangeReturnDeps,
  caller: Caller,
  returnId: string,
): Promise<Result<ReturnOfOrder, ChangeReturnFailure | ReturnStatusConflict>> {
  return changeReturn(deps, caller, returnId, (order, known) => decide(order, known, deps.now()))
}
