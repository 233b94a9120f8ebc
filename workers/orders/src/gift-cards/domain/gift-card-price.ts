import type { PurchaseLine } from '../../pricing/domain/purchase.ts'

type Priced = { lines: readonly { id: string; total: number }[] }
type Bought = { lines: readonly { id: string; quote: Pick<PurchaseLine['quote'], 'type'> }[] }

/**
 * The price of the gift cards that a purchase buys, in minor units. Gift cards cannot pay for these, because exchanging one card for
 * another would extend its expiry without limit.
 */
export function giftCardPrice(priced: Priced, bought: Bought): number {
  const ids = new Set(bought.lines.filter(({ quote }) => quote.type === 'gift_card').map(({ id }) => id))
  return priced.lines.reduce((sum, { id, total }) => (ids.has(id) ? sum + total : sum), 0)
}
