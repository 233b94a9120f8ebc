import { customerKeyOf } from '../../src/buyers/customer-key.ts'
import type { VerifiedEmail } from '../../src/claims/domain/verified-email.ts'
import type { OrdersDeps } from '../../src/deps.ts'
import type { NewOrder, Order } from '../../src/orders/domain/order.ts'

/** The verified addresses of accounts, and the orders of guests with them. */
export function memoryClaims(stored: Map<string, NewOrder>): OrdersDeps['claims'] {
  const verified = new Map<string, VerifiedEmail>()
  const claim = async (isAsked: (order: Order) => boolean, now: Date) => {
    let claimed = 0
    for (const { order, events, giftCards } of stored.values()) {
      const { userId, email, status } = order
      if (!isAsked(order) || userId !== null || email === null || status === 'pending' || isCancelledUnpaid(order))
        continue
      const owner = verified.get(await customerKeyOf({ userId, email }))
      if (owner === undefined) continue
      stored.set(order.id, { order: { ...order, userId: owner.userId, claimedAt: now }, events, giftCards })
      claimed += 1
    }
    return claimed
  }
  return {
    saveVerified: async (one) => {
      const known = verified.get(one.customerKey)
      if (known !== undefined && known.verifiedAt > one.verifiedAt) return false
      for (const { customerKey, userId } of verified.values()) if (userId === one.userId) verified.delete(customerKey)
      verified.set(one.customerKey, one)
      return true
    },
    claimOf: (_, now) => claim(() => true, now),
    claimThese: (ids, now) => claim(({ id }) => ids.includes(id), now),
  }
}

/** Whether nothing was paid for the order when it was cancelled. */
export const isCancelledUnpaid = ({ status, paymentStatus }: Order) =>
  status === 'cancelled' && (paymentStatus === 'unpaid' || paymentStatus === 'authorized')
