import { ERASED_AGAIN_SECONDS, ERASURE_LEASE_SECONDS, type Erasure, mayComeLate } from '@shop/contracts/users/erasure'
import { addSeconds } from '@shop/kernel/time'
import type { PaymentsDeps } from '../deps.ts'

const RETRY_SECONDS = 60

type EraseDeps = Pick<PaymentsDeps, 'customers' | 'erasures' | 'now' | 'stripeMethods' | 'warn'>

/**
 * Deletes the Stripe customers of erased accounts, with the cards saved there. Payments, refunds and the ledger stay as they
 * are: they have amounts and ids.
 *
 * While Stripe is away it is tried again every minute.
 *
 * @returns how many it claimed
 */
export async function eraseCustomers(deps: EraseDeps, limit: number): Promise<number> {
  const now = deps.now()
  const due = await deps.erasures.claimDue({ now, leaseUntil: addSeconds(now, ERASURE_LEASE_SECONDS), limit })
  for (const erasure of due) await eraseCustomer(deps, erasure)
  return due.length
}

async function eraseCustomer(deps: EraseDeps, erasure: Erasure): Promise<void> {
  const { userId } = erasure
  const { customers, erasures, stripeMethods, warn } = deps
  const now = deps.now()
  // Stripe does not say whether it captures an authorized payment whose customer is deleted.
  if (await erasures.hasRunningPayments(userId)) return erasures.postpone(userId, addSeconds(now, ERASED_AGAIN_SECONDS))
  const customerId = await customers.find(userId)
  if (customerId !== undefined && (await stripeMethods.deleteCustomer(customerId)) === undefined) {
    warn('customer_not_erased', { userId })
    return erasures.postpone(userId, addSeconds(now, RETRY_SECONDS))
  }
  await erasures.forget(userId)
  return mayComeLate(erasure, now)
    ? erasures.postpone(userId, addSeconds(now, ERASED_AGAIN_SECONDS))
    : erasures.end(userId, now)
}
