import type { UserId } from '@shop/kernel/ids'

/** A card that a customer has saved at Stripe. */
export type SavedMethod = { id: string; brand: string; last4: string; expMonth: number; expYear: number }

/** Whose saved cards a payment may use (null: nobody's), and whether its card is saved with them. */
export type CardOwner = { userId: UserId | null; saves: boolean }
