import { ownerOr } from '@shop/http/access'
import { expectedVersions } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { OrdersApp } from '../../deps.ts'
import { removeCartGiftCard } from '../remove-cart-gift-card.ts'
import { CartGiftCardParams, CartWriteHeaders, cartRequestOf } from './cart-request.ts'
import { CART_WRITE_PROBLEMS, CartResponse, writtenCart } from './cart-view.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/carts/{id}/gift-cards/{gift_card_id}',
  operationId: 'removeCartGiftCard',
  tags: ['Carts'],
  summary: 'Remove a gift card from a cart',
  access: ownerOr([], 'cart_token'),
  request: { params: CartGiftCardParams, headers: CartWriteHeaders },
  responses: {
    200: json('The cart as it is now', CartResponse),
    ...problems('validation_failed', ...CART_WRITE_PROBLEMS, 'gift_card_not_found'),
  },
})

export function addRemoveCartGiftCard(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const params = c.req.valid('param')
    const removed = await removeCartGiftCard(c.get('deps'), {
      ...cartRequestOf(c.get('caller'), params, c.req.valid('header')),
      versions: versions.value,
      giftCardId: params.gift_card_id,
    })
    return removed.ok ? writtenCart(c, removed.value) : problem(c, removed.failure)
  })
}
