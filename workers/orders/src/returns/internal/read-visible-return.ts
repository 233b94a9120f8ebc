import type { ReturnNotFound } from '@shop/contracts/orders/return-failures'
import { hasScope } from '@shop/kernel/access'
import type { AuthenticationRequired } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Scope } from '@shop/kernel/scopes'
import { isOwn } from '../../access/read-visible-order.ts'
import type { OrdersDeps } from '../../deps.ts'
import type { ReturnAccess } from '../domain/return-access.ts'
import { findReturn, noReturn, type ReturnOfOrder } from './find-return.ts'

export type FoundReturn = ReturnOfOrder & { isOwn: boolean }

/**
 * Reads a return for callers who may see its order, and for callers with one of the scopes. Others get `return_not_found`. A caller
 * without any credential gets `authentication_required`, whether or not the return exists.
 */
export async function readVisibleReturn(
  deps: Pick<OrdersDeps, 'returns' | 'tokens'>,
  { returnId, ...credentials }: ReturnAccess,
  scopes: readonly Scope[],
): Promise<Result<FoundReturn, AuthenticationRequired | ReturnNotFound>> {
  const { caller, orderToken } = credentials
  if (caller.kind === 'anonymous' && !orderToken) return fail({ code: 'authentication_required' })
  const found = await findReturn(deps, returnId)
  if (!found.ok) return found
  const { order } = found.value
  const isOwnReturn = await isOwn(deps, order, { orderId: order.id, ...credentials })
  const isAllowed = isOwnReturn || scopes.some((scope) => hasScope(caller, scope))
  return isAllowed ? ok({ ...found.value, isOwn: isOwnReturn }) : noReturn(returnId)
}
