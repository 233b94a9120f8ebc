import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { CART_TOKEN_EXAMPLE } from '@shop/contracts/orders/cart-access'
import { ANYONE } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { toOrderItem } from '../../orders/routes/order-item.ts'
import { createCart } from '../create-cart.ts'
import { CreateCartBody } from './cart-bodies.ts'
import { CartView, toCartView } from './cart-view.ts'

const CreatedCart = z
  .strictObject({
    cart: CartView,
    cart_token: z.string().optional().meta({
      description: 'For guests only: send it as `X-Cart-Token` to use the cart',
      example: CART_TOKEN_EXAMPLE,
    }),
  })
  .meta({ id: 'CreatedCart' })

const route = createRoute({
  method: 'post',
  path: '/api/carts',
  operationId: 'createCart',
  tags: ['Carts'],
  summary: 'Make a cart',
  description:
    'It becomes the current cart of the account. The answer to a guest has a `cart_token`, and an `Idempotency-Key` of a guest ' +
    `must carry 128 random bits, such as a UUID. ${describeLimits(LIMITS.cartAddress)}`,
  access: ANYONE,
  request: { headers: z.object(KeyHeader), body: { ...jsonBody(CreateCartBody), required: false } },
  responses: {
    201: json('The cart', CreatedCart),
    ...problems(
      ...BODY_PROBLEMS,
      'product_not_found',
      'variant_not_found',
      'variant_required',
      'item_not_sold_in_currency',
      'cart_not_found',
      'cart_too_large',
      'order_total_too_large',
      'idempotency_key_reused',
      'idempotency_key_too_weak',
    ),
  },
})

export function addCreateCart(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const { currency, items = [] } = c.req.valid('json')
    const idempotencyKey = c.req.valid('header')['idempotency-key']
    const request = { currency, items: items.map(toOrderItem), idempotencyKey }
    const created = await createCart(c.get('deps'), c.get('caller'), request)
    if (!created.ok) return problem(c, created.failure)
    const { cartToken, isReplayed } = created.value
    if (isReplayed) c.header(REPLAYED_HEADER, 'true')
    versioned(c, created.value.cart.version)
    const token = cartToken === null ? {} : { cart_token: cartToken }
    return c.json({ cart: toCartView(created.value), ...token }, 201)
  })
}
