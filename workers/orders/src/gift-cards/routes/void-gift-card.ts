import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { OrdersApp } from '../../deps.ts'
import { voidGiftCard } from '../void-gift-card.ts'
import { GiftCardParams, GiftCardWithMessage, toGiftCardView } from './gift-card-view.ts'

const route = createRoute({
  method: 'post',
  path: '/api/gift-cards/{id}/void',
  operationId: 'voidGiftCard',
  tags: ['Gift cards'],
  summary: 'Void a gift card and its remaining balance (staff)',
  description:
    'This cannot be undone. Orders that the card paid stay paid. Their later refunds raise the balance of the card, but it still ' +
    'cannot be spent: issue another card for that amount, and void this one again.',
  access: scope('gift_cards:write'),
  request: { params: GiftCardParams },
  responses: {
    200: json('The card as it is now', GiftCardWithMessage),
    ...problems('validation_failed', 'gift_card_not_found'),
  },
})

export function addVoidGiftCard(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const result = await voidGiftCard(deps, c.get('caller'), c.req.valid('param'))
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ gift_card: toGiftCardView(result.value, deps.now()), message: 'Gift card voided' }, 200)
  })
}
