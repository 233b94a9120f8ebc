import type { PaymentMethodNotFound, PaymentProviderUnavailable } from '@shop/contracts/payments/failures'
import { type AuthenticationRequired, type Caller, requireUser } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { VersionConflict } from '@shop/kernel/versions'
import type { PaymentsDeps } from '../deps.ts'
import { isMethodId } from '../payments/domain/payment.ts'
import { copiesOf, type SavedMethod, withoutCopies } from './domain/saved-method.ts'

type Failure = AuthenticationRequired | PaymentMethodNotFound | PaymentProviderUnavailable | VersionConflict

type RemoveMethod = { id: string; isExpected?: ((methods: SavedMethod[]) => Promise<boolean>) | undefined }

const CONFLICT = { code: 'version_conflict' } as const
const UNAVAILABLE = { code: 'payment_provider_unavailable' } as const
const NOT_FOUND = { code: 'payment_method_not_found' } as const

/**
 * Removes a saved card of the caller, with its copies: the list shows them as one. A card of somebody else, or one that was
 * removed before, reads as not found.
 *
 * @param request.isExpected whether the caller's list is one that they agree to change. Stripe has no conditional writes, so a
 * card that is saved at the same moment goes unnoticed
 */
export async function removeSavedMethod(
  deps: Pick<PaymentsDeps, 'customers' | 'stripeMethods'>,
  caller: Caller,
  { id: methodId, isExpected }: RemoveMethod,
): Promise<Result<undefined, Failure>> {
  const user = requireUser(caller)
  if (!user.ok) return user
  const customerId = await deps.customers.find(user.value.userId)
  if (customerId === undefined || !isMethodId(methodId)) return fail(NOT_FOUND)
  const owner = await deps.stripeMethods.ownerOf(methodId)
  if (owner === undefined) return fail(UNAVAILABLE)
  if (owner !== customerId) return fail(NOT_FOUND)
  const methods = await deps.stripeMethods.list(customerId)
  if (methods === undefined) return fail(UNAVAILABLE)
  if (isExpected !== undefined && !(await isExpected(withoutCopies(methods)))) return fail(CONFLICT)
  const copies = copiesOf(methodId, methods).filter(({ id }) => id !== methodId)
  // The named one last: if a call fails, the same request finds it and the copies that are left.
  for (const { id } of copies) if ((await deps.stripeMethods.remove(id)) === undefined) return fail(UNAVAILABLE)
  const removed = await deps.stripeMethods.remove(methodId)
  if (removed === undefined) return fail(UNAVAILABLE)
  return removed ? ok() : fail(NOT_FOUND)
}
