import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import { planCredit } from '../../../src/gift-cards/domain/plan-credit.ts'
import { spendableCards } from '../../../src/gift-cards/domain/spendable-cards.ts'
import { lookUpGiftCard } from '../../../src/gift-cards/look-up-gift-card.ts'
import { aGiftCard } from '../../support/memory-gift-cards.ts'
import { NOW, testDeps } from '../../support/test-deps.ts'

const terms = { currency: currency('USD'), now: NOW }
const byCode = { code: 'as it was entered' }

describe('the gift cards of an order', () => {
  it('count once each, however often they are named', () => {
    const card = aGiftCard()
    const { id, lastFour, balance, expiresAt } = card
    const named = [
      { ref: byCode, card },
      { ref: { id }, card },
    ]
    expect(spendableCards(named, terms)).toEqual({ ok: true, value: [{ id, lastFour, balance, expiresAt }] })
  })

  it.each([
    ['no card', undefined],
    ['an expired card', aGiftCard({ expiresAt: NOW })],
    ['a voided card', aGiftCard({ voidedAt: NOW })],
  ])('read the same where a code has %s', (_, card) => {
    expect(spendableCards([{ ref: byCode, card }], terms)).toEqual({
      ok: false,
      failure: { code: 'gift_card_not_found' },
    })
  })

  it.each([
    ['ended', { voidedAt: NOW }],
    ['used_up', { balance: 0 }],
    ['other_currency', { currency: currency('EUR') }],
  ] as const)('are refused as %s where their cart has them', (reason, over) => {
    const card = aGiftCard(over)
    expect(spendableCards([{ ref: { id: card.id }, card }], terms)).toEqual({
      ok: false,
      failure: { code: 'gift_card_not_applied', giftCardId: card.id, lastFour: '81CW', reason },
    })
  })
})

describe('a code that is looked up', () => {
  it('is not looked up beyond the limit of its address, right or wrong', async () => {
    const resetsAt = new Date(NOW.getTime() + 1_800_000)
    const { deps } = testDeps({ over: { codeAttempts: { count: async () => ({ isAllowed: false, resetsAt }) } } })
    expect(await lookUpGiftCard(deps, { code: 'any', address: '10.0.0.1' })).toEqual({
      ok: false,
      failure: { code: 'rate_limited', retryAfter: 1_800 },
    })
  })
})

describe('a refund to gift cards', () => {
  const [first, second] = [newId('giftCard'), newId('giftCard')]

  it('goes to the card that was spent last, and what is above that to the one before', () => {
    const spent = [
      { id: second, left: 300 },
      { id: first, left: 1_000 },
    ]
    expect(planCredit(200, spent)).toEqual([{ id: second, amount: 200 }])
    expect(planCredit(500, spent)).toEqual([
      { id: second, amount: 300 },
      { id: first, amount: 200 },
    ])
    expect(() => planCredit(1_301, spent)).toThrow('The refund exceeds what gift cards paid')
  })
})
