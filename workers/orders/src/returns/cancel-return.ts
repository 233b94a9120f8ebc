import type { ReturnStatusConflict } from '@shop/contracts/orders/return-failures'
import { forbiddenTo, hasScope } from '@shop/kernel/access'
import type { AccessFailure } from '@shop/kernel/caller'
import { fail, type Result } from '@shop/kernel/result'
import { actorOf } from '../access/domain/visibility.ts'
import type { OrdersDeps } from '../deps.ts'
import type { ReturnAccess } from './domain/return-access.ts'
import { cancelReturn as decide } from './domain/return-steps.ts'
import { type ChangeReturnDeps, type SaveReturnFailure, saveReturn } from './internal/change-return.ts'
import type { ReturnOfOrder } from './internal/find-return.ts'
import { readVisibleReturn } from './internal/read-visible-return.ts'

/** Cancels a return that staff have not decided yet, for its customer or staff. Repeating it changes nothing. */
export async function cancelReturn(
  deps: ChangeReturnDeps & Pick<OrdersDeps, 'tokens'>,
  access: ReturnAccess,
): Promise<Result<ReturnOfOrder, AccessFailure | SaveReturnFailure | ReturnStatusConflict>> {
  const { caller } = access
  const found = await readVisibleReturn(deps, access, ['orders:read', 'orders:return'])
  if (!found.ok) return found
  if (!found.value.isOwn && !hasScope(caller, 'orders:return')) return fail(forbiddenTo(caller, 'orders:return'))
  return saveReturn(deps, found.value, { actor: actorOf(caller, 'orders:return') }, (order, known) =>
    decide(order, known, deps.now()),
  )
}
