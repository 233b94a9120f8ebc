import type { GiftCardMail } from '@shop/contracts/orders/gift-cards'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'

/** The contents of mails with codes of gift cards. The codes are derived again each time, because they are not stored. */
export async function giftCardMails(
  { giftCards, giftCardCodes }: Pick<OrdersDeps, 'giftCards' | 'giftCardCodes'>,
  { giftCardIds }: { giftCardIds: string[] },
): Promise<Result<GiftCardMail[], never>> {
  const mailed = await giftCards.listMailed(giftCardIds)
  const mails = await Promise.all(
    mailed.map(async ({ card, codeHash, userId }): Promise<GiftCardMail[]> => {
      const code = await giftCardCodes.show(card.id, codeHash)
      if (code === undefined) return []
      const { id: giftCardId, initialBalance: amount, currency, expiresAt, recipientEmail: email } = card
      return [{ giftCardId, code, amount, currency, expiresAt, userId: email === null ? userId : null, email }]
    }),
  )
  return ok(mails.flat())
}
