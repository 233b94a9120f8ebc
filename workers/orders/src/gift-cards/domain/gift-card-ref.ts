import type { GiftCardId } from '@shop/kernel/ids'

/** A gift card as a buyer names it: by its code, or, once a cart has it, by its id. */
export type GiftCardRef = { code: string } | { id: GiftCardId }

/** The most that pay one order. */
export const MAX_GIFT_CARDS = 10
