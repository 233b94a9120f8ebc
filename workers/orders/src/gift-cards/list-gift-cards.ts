import type { GiftCardStatus } from '@shop/contracts/orders/states'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { DEFAULT_LIMIT, decodeCursor, type InvalidCursor, isInstantText, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { GiftCard } from './domain/gift-card.ts'

export type ListGiftCards = {
  lastFour?: string | undefined
  status?: GiftCardStatus | undefined
  orderId?: string | undefined
  cursor?: string | undefined
  limit?: number | undefined
}

/** A page of the cards, newest first. */
export async function listGiftCards(
  { giftCards, now }: Pick<OrdersDeps, 'giftCards' | 'now'>,
  caller: Caller,
  { cursor, limit = DEFAULT_LIMIT, ...filter }: ListGiftCards,
): Promise<Result<{ items: GiftCard[]; nextCursor: string | null }, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'gift_cards:read')
  if (!staff.ok) return staff
  const after =
    cursor === undefined
      ? ok(undefined)
      : decodeCursor(cursor, (position) => isInstantText(position.sortKey) && isId('giftCard', position.id))
  if (!after.ok) return after
  const rows = await giftCards.list({ ...filter, after: after.value, limit: limit + 1 }, now())
  return ok(toPage(rows, limit, (card) => ({ sortKey: card.createdAt.toISOString(), id: card.id })))
}
