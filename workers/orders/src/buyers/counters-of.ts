import type { Buyer } from '../access/domain/buyer.ts'
import type { OrdersDeps } from '../deps.ts'
import { customerKeyOf, hashedKey } from './customer-key.ts'
import type { BuyerCounter } from './domain/caps.ts'

/**
 * The counters of a buyer's unpaid orders: of the account or, for a guest, of the e-mail address from wherever it is used,
 * and of the client address. Staff are not counted.
 *
 * The address is counted for everybody here. The database leaves it out for an account that has paid before.
 */
export async function countersOf(
  { caps }: Pick<OrdersDeps, 'caps'>,
  buyer: Buyer,
  address: string,
): Promise<BuyerCounter[]> {
  if (buyer.actor.kind === 'staff') return []
  const isGuest = buyer.userId === null
  const { openOrders, heldUnits } = isGuest ? caps.guest : caps.customer
  const key = await customerKeyOf(buyer)
  return [
    { key, scope: isGuest ? 'email' : 'account', maxOrders: openOrders, maxUnits: heldUnits },
    { key: await hashedKey('address', address), scope: 'address', maxOrders: null, maxUnits: caps.addressUnits },
  ]
}
