import type { OrdersApp } from '../../deps.ts'
import { addCreateGiftCard } from './create-gift-card.ts'
import { addGetGiftCard } from './get-gift-card.ts'
import { addListGiftCards } from './list-gift-cards.ts'
import { addLookUpGiftCard } from './look-up-gift-card.ts'
import { addUpdateGiftCard } from './update-gift-card.ts'
import { addVoidGiftCard } from './void-gift-card.ts'

export function addGiftCardRoutes(app: OrdersApp): void {
  addLookUpGiftCard(app)
  addListGiftCards(app)
  addCreateGiftCard(app)
  addGetGiftCard(app)
  addUpdateGiftCard(app)
  addVoidGiftCard(app)
}
