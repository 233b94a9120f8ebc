import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { getGiftCard } from '../get-gift-card.ts'
import { GiftCardParams, GiftCardWithEntries, toEntryView, toGiftCardView } from './gift-card-view.ts'

const GiftCardResponse = z.strictObject({ gift_card: GiftCardWithEntries }).meta({ id: 'GiftCardResponse' })

const route = createRoute({
  method: 'get',
  path: '/api/gift-cards/{id}',
  operationId: 'getGiftCard',
  tags: ['Gift cards'],
  summary: 'Show a gift card with every change of its balance (staff)',
  access: scope('gift_cards:read'),
  request: { params: GiftCardParams },
  responses: {
    200: json('The card', GiftCardResponse),
    ...problems('validation_failed', 'gift_card_not_found'),
  },
})

export function addGetGiftCard(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const found = await getGiftCard(deps, c.get('caller'), c.req.valid('param'))
    if (!found.ok) return problem(c, found.failure)
    const { card, entries } = found.value
    versioned(c, card.version)
    const view = toGiftCardView(card, deps.now())
    return c.json({ gift_card: { ...view, entries: entries.map((one) => toEntryView(one, card.currency)) } }, 200)
  })
}
