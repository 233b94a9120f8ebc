import { GIFT_CARD_STATUSES } from '@shop/contracts/orders/states'
import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { filterText } from '@shop/kernel/text'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { listGiftCards } from '../list-gift-cards.ts'
import { GiftCardView, toGiftCardView } from './gift-card-view.ts'

const ListGiftCardsQuery = z.object({
  last4: filterText(4).meta({ description: 'The last four characters of the code', example: '81CW' }),
  status: z.enum(GIFT_CARD_STATUSES).optional().meta({ example: 'active' }),
  order_id: filterText(100).meta({ description: 'Cards that this order bought, and store credit of its refunds' }),
  limit: LimitParam,
  cursor: CursorParam,
})

const GiftCardPage = z
  .strictObject({ gift_cards: z.array(GiftCardView), next_cursor: NextCursor })
  .meta({ id: 'GiftCardPage' })

const route = createRoute({
  method: 'get',
  path: '/api/gift-cards',
  operationId: 'listGiftCards',
  tags: ['Gift cards'],
  summary: 'List gift cards, newest first (staff)',
  description: 'Codes are not stored. Find a card by the last four characters of its code.',
  access: scope('gift_cards:read'),
  request: { query: ListGiftCardsQuery },
  responses: {
    200: json('A page of gift cards', GiftCardPage),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

export function addListGiftCards(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const { last4, status, order_id: orderId, limit, cursor } = c.req.valid('query')
    const deps = c.get('deps')
    const lastFour = last4?.toUpperCase()
    const page = await listGiftCards(deps, c.get('caller'), { lastFour, status, orderId, limit, cursor })
    if (!page.ok) return problem(c, page.failure)
    const now = deps.now()
    const cards = page.value.items.map((card) => toGiftCardView(card, now))
    return c.json({ gift_cards: cards, next_cursor: page.value.nextCursor }, 200)
  })
}
