import { type CurrencyCode, chargeRule } from '@shop/kernel/currencies'
import type { GiftCardId } from '@shop/kernel/ids'

/** What a card can pay of an order, in minor units of the order's currency. */
export type SpendableCard = { id: GiftCardId; lastFour: string; balance: number; expiresAt: Date | null }

/** What a card pays of an order; 0 where others pay all of it. */
export type AppliedGiftCard = { id: GiftCardId; lastFour: string; amount: number }

type Bill = {
  currency: CurrencyCode
  /** After all discounts, with shipping and tax. */
  total: number
  /** What gift cards of the order itself cost: no card pays for another one. */
  ofGiftCards: number
}

/**
 * Decides what gift cards pay of an order: as much as they can. The card that expires first is used first, so that nothing is lost.
 *
 * What is left to pay has to be an amount that can be charged. Where it would be below the minimum of the currency, or finer than its
 * step, the cards pay so much less that it is not. Where even the total is too small for that, they pay nothing.
 *
 * @param cards in the order in which they were entered, each once
 * @returns one for each card, in the order in which they are used
 */
export function applyGiftCards(bill: Bill, cards: readonly SpendableCard[]): AppliedGiftCard[] {
  const sorted = [...cards].sort((one, other) => endOf(one) - endOf(other))
  const available = sorted.reduce((sum, { balance }) => sum + balance, 0)
  let left = payableOf(bill, available)
  return sorted.map(({ id, lastFour, balance }) => {
    const amount = Math.min(balance, left)
    left -= amount
    return { id, lastFour, amount }
  })
}

/** The most that the cards pay together. */
function payableOf({ currency, total, ofGiftCards }: Bill, available: number): number {
  const due = total - Math.min(available, total - ofGiftCards)
  const rule = chargeRule(currency)
  if (due === 0 || rule === undefined) return total - due
  const { minimum, step } = rule
  const chargeable = Math.ceil(Math.max(due, minimum) / step) * step
  return Math.max(0, total - chargeable)
}

/** A card without an end is used last; `Infinity - Infinity` would not compare. */
const endOf = ({ expiresAt }: SpendableCard) => expiresAt?.getTime() ?? Number.MAX_SAFE_INTEGER

export const sumOf = (cards: readonly Pick<AppliedGiftCard, 'amount'>[]): number =>
  cards.reduce((sum, { amount }) => sum + amount, 0)
