import type { PaymentMethodNotFound, PaymentProviderUnavailable } from '@shop/contracts/payments/failures'
import { type AuthenticationRequired, type Caller, requireUser } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { PaymentsDeps } from '../deps.ts'

type Failure = AuthenticationRequired | PaymentMethodNotFound | PaymentProviderUnavailable

/** Removes a saved card of the caller. A card of somebody else, or one that was removed before, reads as not found. */
export async function removeSavedMethod(
  deps: Pick<PaymentsDeps, 'customers' | 'stripeMethods'>,
  caller: Caller,
  methodId: string,
): Promise<Result<undefined, Failure>> {
  const user = requireUser(caller)
  if (!user.ok) return user
  const customerId = await deps.customers.find(user.value.userId)
  const owner = customerId === undefined ? null : await deps.stripeMethods.ownerOf(methodId)
  if (owner === undefined) return fail({ code: 'payment_provider_unavailable' })
  if (owner === null || owner !== customerId) return fail({ code: 'payment_method_not_found' })
  const removed = await deps.stripeMethods.remove(methodId)
  if (removed === undefined) return fail({ code: 'payment_provider_unavailable' })
  return removed ? ok() : fail({ code: 'payment_method_not_found' })
}
