import { ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { NotificationsDeps } from '../deps.ts'
import type { ReadSubjects } from './domain/letters.ts'
import { mapBy, unique } from './domain/lookup.ts'

/** Orders, and the accounts that they belong to. */
export async function readOrders(
  { orders, users }: Pick<NotificationsDeps, 'orders' | 'users'>,
  orderIds: string[],
): Promise<Result<Pick<ReadSubjects, 'orders' | 'contacts'>, ServiceUnavailable>> {
  if (orderIds.length === 0) return ok({ orders: new Map(), contacts: new Map() })
  const found = await orders.orderMails({ orderIds })
  if (!found.ok) return found
  const userIds = unique(found.value.flatMap(({ userId }) => userId ?? []))
  const contacts = userIds.length === 0 ? ok([]) : await users.contactsOf({ userIds })
  if (!contacts.ok) return contacts
  return ok({
    orders: mapBy(found.value, ({ orderId }) => orderId),
    contacts: mapBy(contacts.value, ({ userId }) => userId),
  })
}
