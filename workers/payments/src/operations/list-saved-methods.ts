import type { PaymentProviderUnavailable, SavedMethod } from '@shop/contracts'
import { type AuthenticationRequired, type Caller, fail, ok, type Result, requireUser } from '@shop/kernel'
import type { PaymentsDeps } from '../ports.ts'

/** The cards the caller has saved, newest first. */
export async function listSavedMethods(
  deps: PaymentsDeps,
  caller: Caller,
): Promise<Result<SavedMethod[], AuthenticationRequired | PaymentProviderUnavailable>> {
  const user = requireUser(caller)
  if (!user.ok) return user
  const customerId = await deps.records.customerOf(user.value.userId)
  const methods = customerId === undefined ? [] : await deps.wallet.list(customerId)
  return methods === undefined ? fail({ code: 'payment_provider_unavailable' }) : ok(methods)
}
