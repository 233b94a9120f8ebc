import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { createPromotion } from '../create-promotion.ts'
import { CreatePromotionBody, toNewPromotion } from './promotion-body.ts'
import { PromotionWithMessage, toPromotionView } from './promotion-view.ts'

const route = createRoute({
  method: 'post',
  path: '/api/promotions',
  operationId: 'createPromotion',
  tags: ['Promotions'],
  summary: 'Create a promotion (staff)',
  access: scope('promotions:write'),
  request: { headers: z.object(KeyHeader), body: jsonBody(CreatePromotionBody) },
  responses: {
    201: json('The created promotion', PromotionWithMessage),
    ...problems(
      ...BODY_PROBLEMS,
      'invalid_promotion',
      'promotion_code_taken',
      'idempotency_key_reused',
      'created_and_deleted',
    ),
  },
})

export function addCreatePromotion(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const request = toNewPromotion(c.req.valid('json'))
    const key = c.req.valid('header')['idempotency-key']
    const result = await createPromotion(c.get('deps'), c.get('caller'), request, key)
    if (!result.ok) return problem(c, result.failure)
    const { value, replayed } = result.value
    versioned(c, value.version)
    if (replayed) c.header(REPLAYED_HEADER, 'true')
    return c.json({ promotion: toPromotionView(value), message: 'Promotion created' }, 201)
  })
}
