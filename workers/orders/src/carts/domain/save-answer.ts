import type { Cart, LastAnswer } from './cart.ts'

/** What the buyer is shown of a version of a cart. */
export type ShownAnswer = { version: number; answer: LastAnswer }

/** Keeps what the buyer saw. Of a version that is not the cart's any more it is not what they would buy. */
export function saveAnswer(cart: Cart, { version, answer }: ShownAnswer): Cart {
  return cart.status === 'open' && cart.version === version ? { ...cart, lastAnswer: answer } : cart
}

/** Whether an answer has another total, or other codes, than the one that the buyer saw last. */
export function differs(known: LastAnswer | null, answer: LastAnswer): boolean {
  if (known === null) return true
  return known.total !== answer.total || known.currency !== answer.currency || !isSame(known.codes, answer.codes)
}

const isSame = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((code) => other.includes(code))
