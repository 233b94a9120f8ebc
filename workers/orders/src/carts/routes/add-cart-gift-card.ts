import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { ownerOr } from '@shop/http/access'
import { expectedVersions } from '@shop/http/conditional'
import { addressOf } from '@shop/http/limits'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { OrdersApp } from '../../deps.ts'
import { addCartGiftCard } from '../add-cart-gift-card.ts'
import { AddCartGiftCardBody } from './cart-bodies.ts'
import { CartParams, CartPostHeaders, cartRequestOf } from './cart-request.ts'
import { CART_WRITE_PROBLEMS, CartResponse, writtenCart } from './cart-view.ts'

const route = createRoute({
  method: 'post',
  path: '/api/carts/{id}/gift-cards',
  operationId: 'addCartGiftCard',
  tags: ['Carts'],
  summary: 'Add a gift card to a cart',
  description:
    'Gift cards pay as much as possible of the total after discounts, shipping and tax. The card that expires first is used first. ' +
    'If the rest would be too small to charge, they pay less. Gift cards cannot buy gift cards. The balance of a card changes only ' +
    'when the order is placed. ' +
    describeLimits(LIMITS.cartWriteAddress, LIMITS.giftCardCode),
  access: ownerOr([], 'cart_token'),
  request: { params: CartParams, headers: CartPostHeaders, body: jsonBody(AddCartGiftCardBody) },
  responses: {
    200: json('The cart as it is now', CartResponse),
    ...problems(
      ...BODY_PROBLEMS,
      ...CART_WRITE_PROBLEMS,
      'gift_card_not_found',
      'gift_card_not_applied',
      'idempotency_key_reused',
    ),
  },
})

export function addAddCartGiftCard(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const headers = c.req.valid('header')
    const added = await addCartGiftCard(c.get('deps'), {
      ...cartRequestOf(c.get('caller'), c.req.valid('param'), headers),
      versions: versions.value,
      idempotencyKey: headers['idempotency-key'],
      code: c.req.valid('json').code,
      address: addressOf(c),
    })
    return added.ok ? writtenCart(c, added.value) : problem(c, added.failure)
  })
}
