import type { UserId } from '@shop/kernel/ids'

/** A card that a customer has saved at Stripe. The fingerprint is the same for each copy of a card; null where Stripe has none. */
export type SavedMethod = {
  id: string
  brand: string
  last4: string
  expMonth: number
  expYear: number
  fingerprint: string | null
}

/** Whose saved cards a payment may use (null: nobody's), and whether its card is saved with them. */
export type CardOwner = { userId: UserId | null; saves: boolean }

/** Each card once: of copies, which a customer makes by saving a card again, the newest. @param methods newest first */
export function withoutCopies(methods: SavedMethod[]): SavedMethod[] {
  return methods.filter((method, index) => methods.findIndex((other) => isSameCard(other, method)) === index)
}

/** The copies of a saved card, itself included. */
export function copiesOf(methodId: string, methods: SavedMethod[]): SavedMethod[] {
  const method = methods.find(({ id }) => id === methodId)
  return method === undefined ? [] : methods.filter((other) => isSameCard(other, method))
}

function isSameCard(one: SavedMethod, other: SavedMethod): boolean {
  return one.id === other.id || (one.fingerprint !== null && one.fingerprint === other.fingerprint)
}
