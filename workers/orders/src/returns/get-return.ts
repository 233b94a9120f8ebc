import type { ReturnNotFound } from '@shop/contracts/orders/return-failures'
import type { AuthenticationRequired } from '@shop/kernel/caller'
import type { Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { ReturnAccess } from './domain/return-access.ts'
import type { ReturnOfOrder } from './internal/find-return.ts'
import { readVisibleReturn } from './internal/read-visible-return.ts'

/** Reads a return for callers who may see its order. */
export function getReturn(
  deps: Pick<OrdersDeps, 'returns' | 'tokens'>,
  access: ReturnAccess,
): Promise<Result<ReturnOfOrder, AuthenticationRequired | ReturnNotFound>> {
  return readVisibleReturn(deps, access, ['orders:read', 'orders:return'])
}
