import type { FieldError, ProblemTable, RateLimited } from '@shop/kernel/failures'

/** No gift card has the code or id, or the code is of an expired or voided card: callers cannot distinguish these. */
export type GiftCardNotFound = { code: 'gift_card_not_found' }
/** The amount or the expiry that staff sent is not valid. */
export type InvalidGiftCard = { code: 'invalid_gift_card'; errors: FieldError[] }
/**
 * A gift card cannot pay for this order. `changed`: another order spent its balance at the same time. `too_many`: the cart already has
 * the most cards that one order may use.
 */
export type GiftCardNotApplied = {
  code: 'gift_card_not_applied'
  giftCardId: string
  lastFour: string
  reason: 'ended' | 'used_up' | 'other_currency' | 'changed' | 'too_many'
}

/** Codes may be tried a limited number of times. */
export type GiftCardFailure = GiftCardNotFound | InvalidGiftCard | GiftCardNotApplied | RateLimited

export const GIFT_CARD_PROBLEMS = {
  gift_card_not_found: { status: 404, title: 'No gift card has this code, or the card has expired or was voided' },
  invalid_gift_card: { status: 422, title: 'The fields of the gift card are not valid' },
  gift_card_not_applied: { status: 409, title: 'A gift card cannot pay for this order' },
} as const satisfies ProblemTable<Exclude<GiftCardFailure, RateLimited>>
