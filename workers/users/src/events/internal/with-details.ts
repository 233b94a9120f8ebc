import type { ShopEvent } from '@shop/contracts/events/catalogue'
import type { DeliveredUsersEvent } from '@shop/contracts/users/delivered-events'
import type { UsersDeps } from '../../deps.ts'

export type DetailsDeps = Pick<UsersDeps, 'mailAddresses'>

/**
 * Events as their receivers get them: that of a verified address with the address, as it is now. Left out are events whose
 * account is gone.
 */
export async function withDetails(deps: DetailsDeps, due: readonly ShopEvent[]): Promise<DeliveredUsersEvent[]> {
  const userIds = due.flatMap((event) => (event.type === 'customer.email_verified' ? [event.payload.userId] : []))
  const verified = new Map((await deps.mailAddresses.listVerified(userIds)).map((one) => [one.userId, one]))
  return due.flatMap((event): DeliveredUsersEvent[] => {
    // The log of users has events of users only.
    if (event.type !== 'customer.email_verified') return [event as DeliveredUsersEvent]
    const found = verified.get(event.payload.userId)
    return found ? [{ ...event, details: { emailKey: found.emailKey, verifiedAt: found.verifiedAt } }] : []
  })
}
