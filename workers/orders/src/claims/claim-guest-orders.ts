import type { DeliveredUsersEvent } from '@shop/contracts/users/delivered-events'
import type { Handled } from '@shop/http/receive-users-events'
import { isId } from '@shop/kernel/ids'
import { fail, ok } from '@shop/kernel/result'
import { customerKeyOf } from '../buyers/customer-key.ts'
import { type ClaimCartDeps, claimGuestCart } from '../carts/claim-guest-cart.ts'
import type { OrdersDeps } from '../deps.ts'
import { CLAIM_BATCH } from './domain/verified-email.ts'

export type ClaimDeps = ClaimCartDeps & Pick<OrdersDeps, 'claims' | 'now'>

/**
 * Gives an account that has verified its address the orders that guests have paid for with it, and a cart of theirs.
 *
 * The first statement saves the address, the next claims the orders. An order that is paid between them is claimed by its own
 * event, which then finds the address. So no order is missed.
 */
export async function claimGuestOrders(
  deps: ClaimDeps,
  { payload, details }: DeliveredUsersEvent<'customer.email_verified'>,
): Promise<Handled> {
  const { userId } = payload
  if (!isId('user', userId)) return fail({ code: 'invalid_event' })
  const { emailKey, verifiedAt } = details
  const customerKey = await customerKeyOf({ userId: null, email: emailKey })
  if (!(await deps.claims.saveVerified({ customerKey, userId, verifiedAt }))) return ok('skipped')
  let claimed: number
  do {
    claimed = await deps.claims.claimOf({ customerKey, userId }, deps.now())
  } while (claimed === CLAIM_BATCH)
  await claimGuestCart(deps, { userId, email: emailKey })
  return ok('done')
}
