import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { opaqueId } from '@shop/kernel/ids'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { getPromotion } from '../get-promotion.ts'
import { PROMOTION_ID_EXAMPLE } from './promotion-fields.ts'
import { PromotionResponse, toPromotionView } from './promotion-view.ts'

const route = createRoute({
  method: 'get',
  path: '/api/promotions/{id}',
  operationId: 'getPromotion',
  tags: ['Promotions'],
  summary: 'Get a promotion (staff)',
  access: scope('promotions:read'),
  request: { params: z.object({ id: opaqueId(PROMOTION_ID_EXAMPLE) }) },
  responses: {
    200: json('The promotion', PromotionResponse),
    ...problems('validation_failed', 'promotion_not_found'),
  },
})

export function addGetPromotion(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const result = await getPromotion(c.get('deps'), c.get('caller'), c.req.valid('param'))
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ promotion: toPromotionView(result.value) }, 200)
  })
}
