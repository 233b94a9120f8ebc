import { ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { NotificationsDeps } from '../deps.ts'
import type { ReadSubjects } from './domain/letters.ts'
import { mapBy, unique } from './domain/lookup.ts'

/** Gift cards with their codes, and the accounts that get them. */
export async function readGiftCards(
  { orders, users }: Pick<NotificationsDeps, 'orders' | 'users'>,
  giftCardIds: string[],
): Promise<Result<Pick<ReadSubjects, 'giftCards' | 'giftCardOwners'>, ServiceUnavailable>> {
  if (giftCardIds.length === 0) return ok({ giftCards: new Map(), giftCardOwners: new Map() })
  const found = await orders.giftCardMails({ giftCardIds })
  if (!found.ok) return found
  const userIds = unique(found.value.flatMap(({ userId }) => userId ?? []))
  const contacts = userIds.length === 0 ? ok([]) : await users.contactsOf({ userIds })
  if (!contacts.ok) return contacts
  return ok({
    giftCards: mapBy(found.value, ({ giftCardId }) => giftCardId),
    giftCardOwners: mapBy(contacts.value, ({ userId }) => userId),
  })
}
