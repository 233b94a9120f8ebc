import type { Refund } from '@shop/contracts'

/** Stripe keeps the answer of a key for a day; a margin on both sides of it, for clocks and late calls. */
const KEY_HOURS = 23
const GIVE_UP_HOURS = 25
const HOUR_MS = 3_600_000

/**
 * How to find out what became of a refund whose answer is not known: `ask` with its key, which makes it if nobody has;
 * `look` only, once the key may have been forgotten; and then, if Stripe has none, `give_up`.
 */
export function wayToResume(refund: Pick<Refund, 'createdAt'>, now: Date): 'ask' | 'look' | 'give_up' {
  const age = now.getTime() - refund.createdAt.getTime()
  if (age < KEY_HOURS * HOUR_MS) return 'ask'
  return age < GIVE_UP_HOURS * HOUR_MS ? 'look' : 'give_up'
}
