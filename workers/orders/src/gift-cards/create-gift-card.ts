import type { InvalidGiftCard } from '@shop/contracts/orders/gift-card-failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey } from '@shop/kernel/create-once'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { IdempotencyKeyRequired } from '@shop/kernel/idempotency'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import { decideGiftCard } from './domain/decide-gift-card.ts'
import type { GiftCard } from './domain/gift-card.ts'

type CreateDeps = Pick<OrdersDeps, 'giftCards' | 'giftCardCodes' | 'creationKeys' | 'newId' | 'now' | 'wakeConsumers'>

/** `amount` in major units. */
export type GiftCardDraft = {
  amount: number
  currency: CurrencyCode
  expiresAt?: Date | undefined
  recipientEmail?: string | undefined
  note?: string | undefined
}

/** A card with its code in groups of four characters. The code is undefined if the secret that it was derived from was removed. */
export type ShownCard = { card: GiftCard; code: string | undefined }

/** Issues a gift card, once for each key. A repeated request gets the same code, which is derived again from the card's id. */
export async function createGiftCard(
  deps: CreateDeps,
  caller: Caller,
  draft: GiftCardDraft,
  idempotencyKey?: string,
): Promise<Result<Created<ShownCard>, AccessFailure | IdempotencyKeyRequired | InvalidGiftCard | CreateOnceFailure>> {
  const staff = requireScope(caller, 'gift_cards:write')
  if (!staff.ok) return staff
  if (idempotencyKey === undefined) return fail({ code: 'idempotency_key_required' })
  const now = deps.now()
  const decided = decideGiftCard(draft, now)
  if (!decided.ok) return decided
  const key = await creationKey(`${actorIdOf(staff.value)}:createGiftCard`, idempotencyKey, draft)
  const find = async (id: string): Promise<ShownCard | undefined> => {
    const found = await deps.giftCards.find(id)
    return found && { card: found.card, code: await deps.giftCardCodes.show(found.card.id, found.codeHash) }
  }
  const created = await createOnce<ShownCard, never>(key, {
    create: async () => {
      const id = deps.newId('giftCard')
      const stored = await deps.giftCards.insert(
        { id, ...decided.value, createdAt: now, ...(await deps.giftCardCodes.issue(id)) },
        key,
      )
      if (!stored.ok) return stored
      const card = await find(id)
      if (card === undefined) throw new Error('The gift card that was just issued was not found')
      return ok(card)
    },
    findKey: deps.creationKeys.find,
    find,
  })
  if (created.ok && !created.value.replayed) await deps.wakeConsumers(['gift_card.issued'])
  return created
}
