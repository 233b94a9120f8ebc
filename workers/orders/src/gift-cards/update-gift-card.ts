import type { GiftCardNotFound, InvalidGiftCard } from '@shop/contracts/orders/gift-card-failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { OrdersDeps } from '../deps.ts'
import { expiryErrors } from './domain/decide-gift-card.ts'
import type { GiftCard } from './domain/gift-card.ts'

/** Absent members stay as they are; null removes. */
export type GiftCardChanges = { expiresAt?: Date | null | undefined; note?: string | null | undefined }
type UpdateFailure = AccessFailure | GiftCardNotFound | InvalidGiftCard | VersionConflict

/** Changes the expiry or the note of a card. A later expiry does not restore the balance of a card that has already expired. */
export async function updateGiftCard(
  { giftCards, now }: Pick<OrdersDeps, 'giftCards' | 'now'>,
  caller: Caller,
  { id, changes, versions }: { id: string; changes: GiftCardChanges; versions: ExpectedVersions },
): Promise<Result<GiftCard, UpdateFailure>> {
  const staff = requireScope(caller, 'gift_cards:write')
  if (!staff.ok) return staff
  return untilSaved<Result<GiftCard, UpdateFailure>>(async () => {
    const found = await giftCards.find(id)
    if (found === undefined) return fail({ code: 'gift_card_not_found' })
    const { card } = found
    const current = checkVersion(versions, card.version)
    if (!current.ok) return current
    const { expiresAt = card.expiresAt, note = card.note } = changes
    const errors = changes.expiresAt === undefined ? [] : expiryErrors(expiresAt, now())
    if (errors.length > 0) return fail({ code: 'invalid_gift_card', errors })
    if (changes.expiresAt === undefined && changes.note === undefined) return ok(card)
    const updated = { ...card, expiresAt, note, updatedAt: now(), version: card.version + 1 }
    return (await giftCards.save(updated)) ? ok(updated) : undefined
  })
}
