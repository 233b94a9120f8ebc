import type { OrdersApp } from '../../deps.ts'
import { addAddCartGiftCard } from './add-cart-gift-card.ts'
import { addAddCartItem } from './add-cart-item.ts'
import { addCompleteCart } from './complete-cart.ts'
import { addCreateCart } from './create-cart.ts'
import { addDeleteCart } from './delete-cart.ts'
import { addGetCart } from './get-cart.ts'
import { addGetCurrentCart } from './get-current-cart.ts'
import { addMergeCart } from './merge-cart.ts'
import { addRemoveCartGiftCard } from './remove-cart-gift-card.ts'
import { addRemoveCartItem } from './remove-cart-item.ts'
import { addUpdateCart } from './update-cart.ts'
import { addUpdateCartItem } from './update-cart-item.ts'

export function addCartRoutes(app: OrdersApp): void {
  addCreateCart(app)
  // Before the path of one cart, which would take it for an id.
  addGetCurrentCart(app)
  addGetCart(app)
  addUpdateCart(app)
  addDeleteCart(app)
  addAddCartItem(app)
  addUpdateCartItem(app)
  addRemoveCartItem(app)
  addAddCartGiftCard(app)
  addRemoveCartGiftCard(app)
  addMergeCart(app)
  addCompleteCart(app)
}
