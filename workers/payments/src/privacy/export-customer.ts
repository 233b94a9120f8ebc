import { EXPORTED_AT_MOST } from '@shop/contracts/users/export'
import type { UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { PaymentsDeps } from '../deps.ts'
import type { Payment } from '../payments/domain/payment.ts'
import type { Refund } from '../refunds/domain/refund.ts'
import { type SavedMethod, withoutCopies } from '../saved-methods/domain/saved-method.ts'

export type KnownPayments = {
  payments: Payment[]
  hasMorePayments: boolean
  refunds: Refund[]
  savedMethods: SavedMethod[]
}

/** The newest payments of a customer with their refunds, and the cards that Stripe keeps for them. */
export async function exportCustomer(
  deps: Pick<PaymentsDeps, 'customers' | 'payments' | 'refunds' | 'stripeMethods'>,
  userId: UserId,
): Promise<Result<KnownPayments, ServiceUnavailable>> {
  const [found, customerId] = await Promise.all([
    deps.payments.listOf(userId, EXPORTED_AT_MOST + 1),
    deps.customers.find(userId),
  ])
  const payments = found.slice(0, EXPORTED_AT_MOST)
  const [refunds, methods] = await Promise.all([
    deps.refunds.ofPayments(payments.map(({ id }) => id)),
    customerId === undefined ? [] : deps.stripeMethods.list(customerId),
  ])
  if (methods === undefined) return fail({ code: 'service_unavailable' })
  return ok({
    ...{ payments, refunds, savedMethods: withoutCopies(methods) },
    hasMorePayments: found.length > EXPORTED_AT_MOST,
  })
}
