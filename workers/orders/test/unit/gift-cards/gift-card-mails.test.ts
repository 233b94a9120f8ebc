import { newId } from '@shop/http/ids'
import { describe, expect, it } from 'vitest'
import type { GiftCard } from '../../../src/gift-cards/domain/gift-card.ts'
import { giftCardMails } from '../../../src/gift-cards/gift-card-mails.ts'
import { aGiftCard } from '../../support/memory-gift-cards.ts'
import { testDeps } from '../../support/test-deps.ts'

/** The mail of a card whose code is known. */
async function mailOf(card: GiftCard) {
  const { deps } = testDeps({ giftCards: [card] })
  const { codeHash } = await deps.giftCardCodes.issue(card.id)
  const listMailed = async () => [{ card, codeHash, userId: null, email: 'guest@example.com' }]
  const giftCards = { ...deps.giftCards, listMailed }
  const mails = await giftCardMails({ ...deps, giftCards }, { giftCardIds: [card.id] })
  return mails.ok ? mails.value[0] : undefined
}

describe('the mail of a gift card', () => {
  it('says with what the card was issued, however much was spent since', async () => {
    expect(await mailOf(aGiftCard({ balance: 100 }))).toMatchObject({ amount: 5_000, email: 'guest@example.com' })
  })

  it('says what a card of an exchange got back, since all of it was spent at once', async () => {
    const ofExchange = { source: 'exchange', orderId: newId('order'), refundId: newId('refund') } as const
    expect(await mailOf(aGiftCard({ ...ofExchange, balance: 1_200 }))).toMatchObject({ amount: 1_200 })
  })
})
