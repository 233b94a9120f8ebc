import type { PaymentProviderUnavailable } from '@shop/contracts/payments/failures'
import { type AuthenticationRequired, type Caller, requireUser } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { PaymentsDeps } from '../deps.ts'
import { type SavedMethod, withoutCopies } from './domain/saved-method.ts'

/** The caller's saved cards, newest first, each once. */
export async function listSavedMethods(
  deps: Pick<PaymentsDeps, 'customers' | 'stripeMethods'>,
  caller: Caller,
): Promise<Result<SavedMethod[], AuthenticationRequired | PaymentProviderUnavailable>> {
  const user = requireUser(caller)
  if (!user.ok) return user
  const customerId = await deps.customers.find(user.value.userId)
  const methods = customerId === undefined ? [] : await deps.stripeMethods.list(customerId)
  return methods === undefined ? fail({ code: 'payment_provider_unavailable' }) : ok(withoutCopies(methods))
}
