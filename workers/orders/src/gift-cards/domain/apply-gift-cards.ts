import { type CurrencyCode, chargeRule } from '@shop/kernel/currencies'
import type { GiftCardId } from '@shop/kernel/ids'

/** What a card can pay of an order, in minor units of the order's currency. */
export type SpendableCard = { id: GiftCardId; lastFour: string; balance: number; expiresAt: Date | null }

/** What a card pays of an order, in minor units; 0 if other cards pay all of it. */
export type AppliedGiftCard = { id: GiftCardId; lastFour: string; amount: number }

type Bill = {
  currency: CurrencyCode
  /** After all discounts, with shipping and tax. */
  total: number
  /** The price of the gift cards that the order buys: gift cards cannot pay for these. */
  giftCardPrice: number
}

/**
 * Decides what gift cards pay of an order: as much as possible. The card that expires first is used first.
 *
 * The rest must be 0 or an amount that can be charged. If the rest would be below the currency's minimum, or not a multiple of its step,
 * the cards pay less. If the total itself is too small to charge, they pay nothing.
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
function payableOf({ currency, total, giftCardPrice }: Bill, available: number): number {
  const due = total - Math.min(available, total - giftCardPrice)
  const rule = chargeRule(currency)
  if (due === 0 || rule === undefined) return total - due
  const { minimum, step } = rule
  const chargeable = Math.ceil(Math.max(due, minimum) / step) * step
  return Math.max(0, total - chargeable)
}

/** A card that does not expire is used last. Not `Infinity`, since `Infinity - Infinity` is NaN. */
const endOf = ({ expiresAt }: SpendableCard) => expiresAt?.getTime() ?? Number.MAX_SAFE_INTEGER

export const sumOf = (cards: readonly Pick<AppliedGiftCard, 'amount'>[]): number =>
  cards.reduce((sum, { amount }) => sum + amount, 0)
