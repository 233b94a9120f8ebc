import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { type Cart, type CartItem, newCart } from '../../src/carts/domain/cart.ts'
import type { Offer } from '../../src/carts/domain/items/offer.ts'
import type { CartAccess } from '../../src/carts/domain/may-use.ts'
import type { CartChange } from '../../src/carts/domain/write-cart.ts'
import { NOW } from './test-deps.ts'

/** Of a guest who has the token of the cart. */
export const GUEST: CartAccess = { userId: null, isStaff: false, hasToken: true }
export const NOBODY: CartAccess = { userId: null, isStaff: false, hasToken: false }

/** An open cart of a guest. */
export const aCart = (over: Partial<Cart> = {}): Cart => ({
  ...newCart({ id: newId('cart'), userId: null, currency: currency('USD'), now: NOW }),
  ...over,
})

const description = { productId: 1, sku: null, name: 'Mug', options: {}, imageUrl: null }

export const anItem = (over: Partial<CartItem> = {}): CartItem => ({
  id: newId('cartItem'),
  variantId: 11,
  quantity: 1,
  unitPrice: null,
  ...description,
  ...over,
})

export const anOffer = (over: Partial<Offer> = {}): Offer => ({
  variantId: 11,
  price: 1_000,
  available: 50,
  maxPerOrder: null,
  ...description,
  ...over,
})

export const aWrite = (change: CartChange, offers: Offer[] = [anOffer()]) => ({
  access: GUEST,
  change,
  offers,
  versions: undefined,
})
