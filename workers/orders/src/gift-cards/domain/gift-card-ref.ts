import type { GiftCardId } from '@shop/kernel/ids'

/** How a buyer names a gift card: by its code, or by its id if it is in the cart. */
export type GiftCardRef = { code: string } | { id: GiftCardId }

/** The most gift cards that one order may use. */
export const MAX_GIFT_CARDS = 10
