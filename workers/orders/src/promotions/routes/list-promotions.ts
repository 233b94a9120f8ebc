import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { listPromotions } from '../list-promotions.ts'
import { PromotionView, toPromotionView } from './promotion-view.ts'

const PromotionPage = z
  .strictObject({ promotions: z.array(PromotionView), next_cursor: NextCursor })
  .meta({ id: 'PromotionPage' })

const route = createRoute({
  method: 'get',
  path: '/api/promotions',
  operationId: 'listPromotions',
  tags: ['Promotions'],
  summary: 'List promotions, newest first (staff)',
  access: scope('promotions:read'),
  request: { query: z.object({ limit: LimitParam, cursor: CursorParam }) },
  responses: {
    200: json('A page of promotions', PromotionPage),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

export function addListPromotions(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const page = await listPromotions(c.get('deps'), c.get('caller'), c.req.valid('query'))
    if (!page.ok) return problem(c, page.failure)
    const { items, nextCursor } = page.value
    return c.json({ promotions: items.map(toPromotionView), next_cursor: nextCursor }, 200)
  })
}
