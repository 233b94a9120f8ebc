import type { Address } from '@shop/addresses/address'
import type { CartStatus } from '@shop/contracts/orders/states'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { CartId, CartItemId, GiftCardId, OrderId, UserId } from '@shop/kernel/ids'
import type { ShippingAddress } from '../../orders/domain/order.ts'
import type { VatId } from '../../tax/domain/tax-terms.ts'

export const MAX_LINES = 100

/** What a buyer sees of a variant, as it was quoted last: it is shown when the variant is no longer for sale. */
export type ItemDescription = {
  productId: number
  sku: string | null
  name: string
  options: Record<string, string>
  imageUrl: string | null
}

export type CartItem = ItemDescription & {
  id: CartItemId
  /** Its own among the items. */
  variantId: number
  /** 1 or more. */
  quantity: number
  /** In minor units, as it was answered to the last write; null where it was not for sale then. */
  unitPrice: number | null
}

/** What the buyer saw last. Completing asks them again where it has changed since. */
export type LastAnswer = {
  total: number
  currency: CurrencyCode
  /** The codes that took something off. */
  codes: readonly string[]
}

/** What a buyer sets. */
export type CartFields = {
  currency: CurrencyCode
  email: string | null
  shippingAddress: ShippingAddress | null
  billingAddress: Address | null
  shippingOptionId: string | null
  codes: readonly string[]
  vatId: VatId | null
  note: string | null
  /** The cards that the buyer added, in that order. Absent in carts that are older than this feature. */
  giftCardIds?: readonly GiftCardId[]
}

export type Cart = CartFields & {
  id: CartId
  /** Null for the cart of a guest, who has its token. */
  userId: UserId | null
  status: CartStatus
  items: readonly CartItem[]
  lastAnswer: LastAnswer | null
  /** Who completes it, and since when. */
  completion: { claim: string; since: Date } | null
  /** The order that was made of it. */
  orderId: OrderId | null
  mergedInto: CartId | null
  /** Only known inside its object, which answers everybody that there is no such cart. */
  isDeleted: boolean
  createdAt: Date
  updatedAt: Date
  /** Counts the changes. */
  version: number
}

type NewCart = { id: CartId; userId: UserId | null; currency: CurrencyCode; now: Date }

export function newCart({ id, userId, currency, now }: NewCart): Cart {
  return {
    id,
    userId,
    status: 'open',
    items: [],
    currency,
    ...{ email: null, shippingAddress: null, billingAddress: null, shippingOptionId: null },
    ...{ codes: [], giftCardIds: [], vatId: null, note: null },
    ...{ lastAnswer: null, completion: null, orderId: null, mergedInto: null, isDeleted: false },
    createdAt: now,
    updatedAt: now,
    version: 1,
  }
}

/** The cart after a change that the buyer can see. */
export const changed = (cart: Cart, to: Partial<Cart>, now: Date): Cart => ({
  ...cart,
  ...to,
  updatedAt: now,
  version: cart.version + 1,
})
