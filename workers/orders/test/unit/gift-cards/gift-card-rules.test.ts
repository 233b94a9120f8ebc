import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { addSeconds } from '@shop/kernel/time'
import { describe, expect, it } from 'vitest'
import { soldCardsOf } from '../../../src/gift-cards/domain/cards-of-order.ts'
import { decideGiftCard } from '../../../src/gift-cards/domain/decide-gift-card.ts'
import { hasEnded, statusOf } from '../../../src/gift-cards/domain/gift-card.ts'
import { giftCardPrice } from '../../../src/gift-cards/domain/gift-card-price.ts'
import type { OrderLine } from '../../../src/orders/domain/order.ts'
import { aGiftCard } from '../../support/memory-gift-cards.ts'
import { anOrder } from '../../support/orders.ts'
import { NOW } from '../../support/test-deps.ts'

describe('the status of a gift card', () => {
  it.each([
    ['active', {}, false],
    ['active', { expiresAt: addSeconds(NOW, 1) }, false],
    ['used_up', { balance: 0 }, false],
    ['expired', { expiresAt: NOW }, true],
    ['expired', { expiresAt: NOW, balance: 0 }, true],
    ['voided', { voidedAt: NOW, expiresAt: NOW }, true],
  ] as const)('is %s with %j', (status, over, isEnded) => {
    const card = aGiftCard(over)
    expect([statusOf(card, NOW), hasEnded(card, NOW)]).toEqual([status, isEnded])
  })
})

describe('a gift card that staff issue', () => {
  const decided = (amount: number, over: Partial<Parameters<typeof decideGiftCard>[0]> = {}) =>
    decideGiftCard({ amount, currency: currency('USD'), ...over }, NOW)
  const errorsOf = (result: ReturnType<typeof decided>) => (result.ok ? [] : result.failure.errors)

  it('has its amount as its balance, and belongs to no order', () => {
    expect(decided(25.5)).toEqual({
      ok: true,
      value: {
        ...{ currency: 'USD', initialBalance: 2_550, source: 'staff', orderId: null, lineId: null, unit: null },
        ...{ refundId: null, recipientEmail: null, note: null, expiresAt: null },
      },
    })
    const over = { expiresAt: addSeconds(NOW, 1), recipientEmail: 'ada@example.com', note: 'For the delay' }
    expect(decided(25.5, over)).toMatchObject({ value: over })
  })

  it('is above 0 and at most what can be charged at once', () => {
    expect(decided(0.01).ok).toBe(true)
    expect(errorsOf(decided(0))).toEqual([{ field: 'amount', message: 'must be above 0' }])
    expect(decided(999_999.99).ok).toBe(true)
    expect(errorsOf(decided(1_000_000))).toEqual([{ field: 'amount', message: 'must be 999999.99 at most' }])
  })

  it('has a bound also in a currency in which nothing can be charged', () => {
    const cuban = { currency: currency('CUP') }
    expect(decided(9_999_999_999.99, cuban).ok).toBe(true)
    expect(errorsOf(decided(10_000_000_000, cuban))).toEqual([
      { field: 'amount', message: 'must be 9999999999.99 at most' },
    ])
  })

  it('is an amount of its currency, and ends in the future; all that is wrong is said at once', () => {
    expect(errorsOf(decided(1.001, { expiresAt: NOW }))).toEqual([
      { field: 'amount', message: 'must be an amount of the currency' },
      { field: 'expires_at', message: 'must be in the future' },
    ])
    expect(decided(5, { expiresAt: NOW })).toMatchObject({ failure: { code: 'invalid_gift_card' } })
  })
})

describe('the gift cards that an order bought', () => {
  const [mugs, papers] = anOrder().lines as [OrderLine, OrderLine]
  const cards: OrderLine = { ...mugs, isGiftCard: true, unitPrice: 1_000, quantity: 3 }
  const sold = (over: Parameters<typeof anOrder>[0], days: number | null = null) =>
    soldCardsOf(anOrder({ lines: [cards], ...over }), { now: NOW, days })

  it('are one for each unit, with its price as the balance', () => {
    const order = anOrder({ lines: [cards, papers], userId: null, email: 'guest@example.com' })
    const card = (unit: number) => ({
      ...{ currency: 'USD', initialBalance: 1_000, source: 'sale', orderId: order.id, lineId: cards.id, unit },
      ...{ refundId: null, recipientEmail: 'guest@example.com', note: null, expiresAt: null, createdAt: NOW },
    })
    expect(soldCardsOf(order, { now: NOW, days: null })).toEqual([card(1), card(2), card(3)])
  })

  it('leave out units that were refunded', () => {
    const lines = [{ ...cards, units: { ...cards.units, refunded: 1 } }]
    expect(sold({ lines }).map(({ unit }) => unit)).toEqual([1, 2])
  })

  it('leave out cards that cost nothing, since they would be worth nothing', () => {
    expect(sold({ lines: [{ ...cards, unitPrice: 0 }] })).toEqual([])
    expect(sold({ lines: [{ ...cards, unitPrice: 1 }] })).toHaveLength(3)
  })

  it('expire after the days of the shop, and are mailed to an account by what it has then', () => {
    const userId = newId('user')
    expect(sold({ userId, email: 'old@example.com' }, 365)[0]).toMatchObject({
      expiresAt: addSeconds(NOW, 365 * 86_400),
      recipientEmail: null,
    })
  })
})

describe('what gift cards cannot pay', () => {
  it('is the price of the gift cards in the purchase', () => {
    const lineOf = (id: string, type: 'gift_card' | 'physical') => ({ id, quote: { type } })
    const priced = [
      { id: 'a', total: 1_000 },
      { id: 'b', total: 300 },
      { id: 'c', total: 50 },
    ]
    const lines = [lineOf('a', 'gift_card'), lineOf('b', 'physical'), lineOf('c', 'gift_card')]
    expect(giftCardPrice({ lines: priced }, { lines })).toBe(1_050)
    expect(giftCardPrice({ lines: priced }, { lines: [lineOf('b', 'physical')] })).toBe(0)
  })
})
