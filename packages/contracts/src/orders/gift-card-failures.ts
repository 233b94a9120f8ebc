import type { FieldError, ProblemTable, RateLimited } from '@shop/kernel/failures'

/** No gift card has the code, or it has expired, or staff ended it: these read the same. Or staff named an id that none has. */
export type GiftCardNotFound = { code: 'gift_card_not_found' }
/** What staff sent for a gift card does not fit together. */
export type InvalidGiftCard = { code: 'invalid_gift_card'; errors: FieldError[] }
/**
 * A gift card cannot pay for this order. `changed`: another order took its balance at this moment. `too_many`: others fill the cart.
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
  gift_card_not_found: { status: 404, title: 'No gift card has this code, or it has ended' },
  invalid_gift_card: { status: 422, title: 'The fields of the gift card are not valid' },
  gift_card_not_applied: { status: 409, title: 'A gift card cannot pay for this order' },
} as const satisfies ProblemTable<Exclude<GiftCardFailure, RateLimited>>
