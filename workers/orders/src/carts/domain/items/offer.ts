import type { Quote } from '@shop/contracts/catalog/rpc'
import { MAX_QUANTITY } from '@shop/contracts/quantities'
import type { CartItem, ItemDescription } from '../cart.ts'

/** How a variant is sold now. */
export type Offer = ItemDescription & {
  variantId: number
  /** Minor units of the currency of the cart. */
  price: number
  /** Units that can be bought; null for any number. */
  available: number | null
  /** Of all variants of the product together. */
  maxPerOrder: number | null
}

/** What happened to an item because of its offer. Prices in minor units. */
export type ItemChange =
  | { code: 'price_changed'; itemId: string; from: number; to: number }
  | { code: 'quantity_reduced'; itemId: string; from: number; to: number }

export function offerOf(quote: Quote): Offer {
  const { variantId, productId, sku, name, options, imageUrl, price, available, maxPerOrder, stock } = quote
  return {
    ...{ variantId, productId, sku, name, options, imageUrl, price, maxPerOrder },
    available: stock.policy === 'continue' ? null : available,
  }
}

/** Of a line, in minor units: a hundred of them stay below the largest exact amount. */
const MAX_SUBTOTAL = 999_999_999_999

/**
 * Adapts items to the offers of now: each has the price of its offer, and no more units than can be ordered. Where nothing is
 * available the quantity stays, since there may be something again. An item without an offer stays as it is.
 *
 * Applied to the result it changes nothing.
 */
export function applyOffers(
  items: readonly CartItem[],
  offers: readonly Offer[],
): { items: CartItem[]; changes: ItemChange[] } {
  const known = new Map(offers.map((offer) => [offer.variantId, offer]))
  const unitsOf = new Map<number, number>()
  const changes: ItemChange[] = []
  const adapted = items.map((item) => {
    const offer = known.get(item.variantId)
    if (offer === undefined) return item
    const { productId, sku, name, options, imageUrl, price } = offer
    const others = unitsOf.get(productId) ?? 0
    const quantity = Math.min(item.quantity, maxQuantityOf(offer, others))
    unitsOf.set(productId, others + quantity)
    if (item.unitPrice !== null && item.unitPrice !== price) {
      changes.push({ code: 'price_changed', itemId: item.id, from: item.unitPrice, to: price })
    }
    if (quantity < item.quantity) {
      changes.push({ code: 'quantity_reduced', itemId: item.id, from: item.quantity, to: quantity })
    }
    return { ...item, productId, sku, name, options, imageUrl, quantity, unitPrice: price }
  })
  return { items: adapted, changes }
}

/** Whether nothing of it can be bought now. */
export const isOutOfStock = ({ available }: Offer): boolean => available !== null && available <= 0

/** The items that come after all units of their product that one order may have: each keeps one unit. */
export function itemsBeyondMaximum(items: readonly CartItem[], offers: readonly Offer[]): CartItem[] {
  const maximumOf = new Map(offers.map(({ variantId, maxPerOrder }) => [variantId, maxPerOrder]))
  const unitsOf = new Map<number, number>()
  return items.filter(({ variantId, productId, quantity }) => {
    const units = (unitsOf.get(productId) ?? 0) + quantity
    unitsOf.set(productId, units)
    const maximum = maximumOf.get(variantId) ?? null
    return maximum !== null && units > maximum
  })
}

/** At least 1. @param others units of other variants of the product */
function maxQuantityOf(offer: Offer, others: number): number {
  const { price, available, maxPerOrder } = offer
  const stocked = available === null || isOutOfStock(offer) ? MAX_QUANTITY : available
  const allowed = maxPerOrder === null ? MAX_QUANTITY : maxPerOrder - others
  const payable = price === 0 ? MAX_QUANTITY : Math.floor(MAX_SUBTOTAL / price)
  return Math.max(1, Math.min(MAX_QUANTITY, stocked, allowed, payable))
}
