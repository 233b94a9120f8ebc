import type { PricedPurchase, PurchaseLine } from '../../pricing/domain/purchase.ts'

/** What the gift cards cost that are bought. No gift card pays for another one: its end could be put off for ever. */
export function ofGiftCards(priced: Pick<PricedPurchase, 'lines'>, bought: { lines: readonly PurchaseLine[] }): number {
  const ids = new Set(bought.lines.filter(({ quote }) => quote.type === 'gift_card').map(({ id }) => id))
  return priced.lines.reduce((sum, { id, total }) => (ids.has(id) ? sum + total : sum), 0)
}
