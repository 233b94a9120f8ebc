import { newId } from '@shop/http/ids'
import { checkChargeable } from '@shop/kernel/chargeable'
import { chargeRule, currency } from '@shop/kernel/currencies'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyGiftCards, type SpendableCard, sumOf } from '../../../src/gift-cards/domain/apply-gift-cards.ts'

const card = (balance: number, expiresAt: string | null = null): SpendableCard => ({
  ...{ id: newId('giftCard'), lastFour: '81CW', balance },
  expiresAt: expiresAt === null ? null : new Date(expiresAt),
})
const pay = (total: number, balances: number[], over: { currency?: string; giftCardPrice?: number } = {}) =>
  applyGiftCards(
    { total, currency: currency(over.currency ?? 'EUR'), giftCardPrice: over.giftCardPrice ?? 0 },
    balances.map((balance) => card(balance)),
  ).map(({ amount }) => amount)

describe('gift cards', () => {
  it('pay as much as they can, one after the other', () => {
    expect(pay(2_500, [1_000, 5_000, 300])).toEqual([1_000, 1_500, 0])
    expect(pay(2_500, [1_000, 300])).toEqual([1_000, 300])
    expect(pay(0, [1_000])).toEqual([0])
    expect(pay(2_500, [])).toEqual([])
  })

  it('are used by when they expire, and those without an end last', () => {
    const [late, never, soon] = [card(900, '2027-06-01T00:00:00Z'), card(900), card(900, '2027-01-01T00:00:00Z')]
    const bill = { total: 2_000, currency: currency('EUR'), giftCardPrice: 0 }
    expect(applyGiftCards(bill, [late, never, soon]).map(({ id, amount }) => [id, amount])).toEqual([
      [soon.id, 900],
      [late.id, 900],
      [never.id, 200],
    ])
  })

  it('pay less where the rest could not be charged', () => {
    expect(pay(2_500, [2_480])).toEqual([2_450])
    expect(pay(2_500, [2_000, 480])).toEqual([2_000, 450])
    expect(pay(2_500, [2_440, 40])).toEqual([2_440, 10])
    // 0.10 is the step of what can be charged in dinars of Kuwait.
    expect(pay(2_500, [1_995], { currency: 'KWD' })).toEqual([1_990])
    expect(pay(20_000, [15_000], { currency: 'HUF' })).toEqual([2_500])
  })

  it('pay all they have in a currency in which nothing can be charged', () => {
    expect(pay(2_500, [1_000], { currency: 'CUP' })).toEqual([1_000])
    expect(pay(2_500, [9_000], { currency: 'CUP', giftCardPrice: 2_000 })).toEqual([500])
  })

  it('pay nothing where even the total is too small to leave something', () => {
    expect(pay(40, [30])).toEqual([0])
    expect(pay(40, [40])).toEqual([40])
  })

  it('do not pay for gift cards', () => {
    expect(pay(5_000, [9_000], { giftCardPrice: 5_000 })).toEqual([0])
    expect(pay(7_000, [9_000], { giftCardPrice: 5_000 })).toEqual([2_000])
  })

  it('never pay more than they have or the order costs, and leave what can be charged', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 5_000 }), { maxLength: 5 })
    const codes = fc.constantFrom('EUR', 'JPY', 'HUF', 'KWD', 'MGA', 'COP')
    fc.assert(
      fc.property(
        codes,
        fc.integer({ min: 1, max: 400_000 }),
        fc.nat({ max: 2_000 }),
        amounts,
        (code, size, other, balances) => {
          const step = chargeRule(currency(code))?.step ?? 1
          const total = size * step
          const bill = { total, currency: currency(code), giftCardPrice: Math.min(total, other * step) }
          const cards = balances.map((balance) => card(balance * step))
          const applied = applyGiftCards(bill, cards)
          const paid = sumOf(applied)
          const available = Math.min(
            total - bill.giftCardPrice,
            cards.reduce((sum, { balance }) => sum + balance, 0),
          )
          expect(
            applied.every(
              ({ id, amount }) => amount >= 0 && amount <= (cards.find((one) => one.id === id)?.balance ?? 0),
            ),
          ).toBe(true)
          expect(paid).toBeLessThanOrEqual(available)
          if (paid < total && paid > 0)
            expect(checkChargeable({ minor: total - paid, currency: bill.currency }).ok).toBe(true)
          // No card could pay more without leaving what cannot be charged.
          if (paid < available) {
            expect(total - available).not.toBe(0)
            expect(checkChargeable({ minor: total - available, currency: bill.currency }).ok).toBe(false)
          }
        },
      ),
    )
  })
})
