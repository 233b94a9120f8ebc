import type {
  CartCompleting,
  CartItemNotFound,
  CartNotFound,
  CartNotOpen,
  CartTooLarge,
} from '@shop/contracts/orders/failures'
import type { GiftCardNotApplied, GiftCardNotFound } from '@shop/contracts/orders/gift-card-failures'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { fail, ok, type Result } from '@shop/kernel/result'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { SpendableCard } from '../../gift-cards/domain/apply-gift-cards.ts'
import { type Cart, type CartFields, type CartItem, changed } from './cart.ts'
import { addGiftCards, removeGiftCard } from './gift-cards.ts'
import { addItems } from './items/add-items.ts'
import { changeItem } from './items/change-item.ts'
import { applyOffers, type ItemChange, type Offer } from './items/offer.ts'
import { removeItem } from './items/remove-item.ts'
import { type CartAccess, mayChange } from './may-use.ts'

export type CartChange =
  | { kind: 'add_items'; items: readonly CartItem[] }
  /** Of another cart, with its currency: of the same variant the larger quantity counts. */
  | { kind: 'merge_items'; items: readonly CartItem[]; currency: CurrencyCode }
  | { kind: 'change_item'; itemId: string; quantity: number }
  | { kind: 'remove_item'; itemId: string }
  | { kind: 'set_fields'; fields: Partial<CartFields> }
  /** Those that can pay for it. */
  | { kind: 'add_gift_cards'; cards: readonly SpendableCard[] }
  | { kind: 'remove_gift_card'; giftCardId: string }

export type CartWrite = {
  access: CartAccess
  change: CartChange
  /** Of the variants in the cart and in the change, in the currency that the cart then has; one that is missing is not sold. */
  offers: readonly Offer[]
  versions: ExpectedVersions
}

/** A cart after a write, and what its items show once. */
export type WrittenCart = { cart: Cart; changes: ItemChange[] }
export type WriteFailure =
  | CartNotFound
  | CartNotOpen
  | CartCompleting
  | VersionConflict
  | CartItemNotFound
  | CartTooLarge
  | GiftCardNotFound
  | GiftCardNotApplied

/** Decides a change of a cart, and adapts all of its items to the offers of now. */
export function writeCart(cart: Cart, write: CartWrite, now: Date): Result<WrittenCart, WriteFailure> {
  const { access, change, offers, versions } = write
  if (!mayChange(cart, access)) return fail({ code: 'cart_not_found' })
  if (cart.status === 'completing') return fail({ code: 'cart_completing' })
  if (cart.status !== 'open') return fail({ code: 'cart_not_open', cartStatus: cart.status })
  const isExpected = checkVersion(versions, cart.version)
  if (!isExpected.ok) return isExpected
  const next = changedItems(cart, change)
  if (!next.ok) return next
  const decided = changedFields(cart, change)
  if (!decided.ok) return decided
  const fields = decided.value
  const isSameCurrency = fields.currency === undefined || fields.currency === cart.currency
  const items = isSameCurrency ? next.value : withoutPrices(next.value)
  const adapted = applyOffers(items, offers)
  return ok({ cart: changed(cart, { ...fields, items: adapted.items }, now), changes: adapted.changes })
}

function changedFields(
  { giftCardIds = [] }: Cart,
  change: CartChange,
): Result<Partial<CartFields>, GiftCardNotFound | GiftCardNotApplied> {
  if (change.kind === 'set_fields') return ok(change.fields)
  if (change.kind === 'add_gift_cards') {
    const added = addGiftCards(giftCardIds, change.cards)
    return added.ok ? ok({ giftCardIds: added.value }) : added
  }
  if (change.kind !== 'remove_gift_card') return ok({})
  const left = removeGiftCard(giftCardIds, change.giftCardId)
  return left.ok ? ok({ giftCardIds: left.value }) : left
}

/** Prices of another currency are no earlier prices of these items. */
const withoutPrices = (items: readonly CartItem[]): CartItem[] => items.map((item) => ({ ...item, unitPrice: null }))

function changedItems(
  { items, currency }: Cart,
  change: CartChange,
): Result<readonly CartItem[], CartItemNotFound | CartTooLarge> {
  switch (change.kind) {
    case 'add_items':
      return addItems(items, change.items)
    case 'merge_items':
      return addItems(items, change.currency === currency ? change.items : withoutPrices(change.items), 'larger')
    case 'change_item':
      return changeItem(items, change)
    case 'remove_item':
      return removeItem(items, change.itemId)
    default:
      return ok(items)
  }
}
