import { ERASE_AGAIN_SECONDS, eraseDue } from '@shop/contracts/users/erasure'
import type { UserId } from '@shop/kernel/ids'
import { addSeconds } from '@shop/kernel/time'
import type { PaymentsDeps } from '../deps.ts'

const RETRY_SECONDS = 60

type EraseDeps = Pick<PaymentsDeps, 'customers' | 'erasures' | 'now' | 'stripeMethods' | 'warn'>

/**
 * Deletes the Stripe customers of erased accounts, with the cards saved there, and the reasons of refunds that staff typed.
 * Payments, refunds and the ledger stay as they are otherwise: they have amounts and ids.
 *
 * While Stripe does not answer, it is tried again every minute.
 *
 * @returns how many erasures it claimed
 */
export function eraseCustomers(deps: EraseDeps, limit: number): Promise<number> {
  return eraseDue(deps, limit, (userId) => eraseCustomer(deps, userId))
}

/** @returns when to try again; undefined when nothing is left */
async function eraseCustomer(deps: EraseDeps, userId: UserId): Promise<Date | undefined> {
  const { customers, erasures, stripeMethods, now, warn } = deps
  // Stripe does not say whether it captures an authorized payment whose customer is deleted.
  if (await erasures.hasRunningPayments(userId)) return addSeconds(now(), ERASE_AGAIN_SECONDS)
  const customerId = await customers.find(userId)
  if (customerId !== undefined && (await stripeMethods.deleteCustomer(customerId)) === undefined) {
    warn('customer_not_erased', { userId })
    return addSeconds(now(), RETRY_SECONDS)
  }
  await erasures.forget(userId)
  return undefined
}
