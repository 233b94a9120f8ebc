import type { PaymentMethodNotFound, PaymentProviderUnavailable } from '@shop/contracts'
import { type AuthenticationRequired, type Caller, fail, ok, type Result, requireUser } from '@shop/kernel'
import type { PaymentsDeps } from '../ports.ts'

type Failure = AuthenticationRequired | PaymentMethodNotFound | PaymentProviderUnavailable

/** Forgets a saved card of the caller's. Somebody else's, and one that is forgotten already, is not there. */
export async function removeSavedMethod(
  deps: PaymentsDeps,
  caller: Caller,
  methodId: string,
): Promise<Result<undefined, Failure>> {
  const user = requireUser(caller)
  if (!user.ok) return user
  const customerId = await deps.records.customerOf(user.value.userId)
  const owner = customerId === undefined ? null : await deps.wallet.ownerOf(methodId)
  if (owner === undefined) return fail({ code: 'payment_provider_unavailable' })
  if (owner === null || owner !== customerId) return fail({ code: 'payment_method_not_found' })
  const removed = await deps.wallet.remove(methodId)
  if (removed === undefined) return fail({ code: 'payment_provider_unavailable' })
  return removed ? ok() : fail({ code: 'payment_method_not_found' })
}
