import { normalEmail } from '@shop/kernel/email'
import { sha256Hex } from '@shop/kernel/hash'
import type { Buyer } from '../access/domain/buyer.ts'
import type { OrdersDeps } from '../deps.ts'
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
  const { openOrders, heldUnits } = buyer.userId === null ? caps.guest : caps.customer
  const own = { maxOrders: openOrders, maxUnits: heldUnits }
  return [
    buyer.userId === null
      ? { key: await keyOf('email', normalEmail(buyer.email)), scope: 'email', ...own }
      : { key: `account:${buyer.userId}`, scope: 'account', ...own },
    { key: await keyOf('address', address), scope: 'address', maxOrders: null, maxUnits: caps.addressUnits },
  ]
}

/** Hashed, as the counters of the limits are: no table lists the addresses of visitors. */
const keyOf = async (scope: string, subject: string) => `${scope}:${await sha256Hex(subject)}`
