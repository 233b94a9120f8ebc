import type { GiftCardMail } from '@shop/contracts/orders/gift-cards'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'

/**
 * What mails with the codes of gift cards need. The codes are derived anew each time: they are not stored. A card of an exchange is
 * mailed with what it has now, since what it was issued with was spent at once.
 */
export async function giftCardMails(
  { giftCards, giftCardCodes }: Pick<OrdersDeps, 'giftCards' | 'giftCardCodes'>,
  { giftCardIds }: { giftCardIds: string[] },
): Promise<Result<GiftCardMail[], never>> {
  const mailed = await giftCards.listMailed(giftCardIds)
  const mails = await Promise.all(
    mailed.map(async ({ card, codeHash, userId, email }): Promise<GiftCardMail[]> => {
      const code = await giftCardCodes.show(card.id, codeHash)
      if (code === undefined) return []
      const { id: giftCardId, source, balance, initialBalance, currency, expiresAt } = card
      const amount = source === 'exchange' ? balance : initialBalance
      return [{ giftCardId, code, amount, currency, expiresAt, userId: email === null ? userId : null, email }]
    }),
  )
  return ok(mails.flat())
}
