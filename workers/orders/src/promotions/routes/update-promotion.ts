import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { opaqueId } from '@shop/kernel/ids'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { updatePromotion } from '../update-promotion.ts'
import { toChanges, UpdatePromotionBody } from './promotion-body.ts'
import { PROMOTION_ID_EXAMPLE } from './promotion-fields.ts'
import { PromotionWithMessage, toPromotionView } from './promotion-view.ts'

const route = createRoute({
  method: 'patch',
  path: '/api/promotions/{id}',
  operationId: 'updatePromotion',
  tags: ['Promotions'],
  summary: 'Change a promotion (staff)',
  description:
    'Orders keep what they got. Their uses count under a new limit, too; one below what is used refuses further ones.',
  access: scope('promotions:write'),
  request: {
    params: z.object({ id: opaqueId(PROMOTION_ID_EXAMPLE) }),
    headers: z.object({ 'if-match': IfMatchHeader }),
    body: jsonBody(UpdatePromotionBody),
  },
  responses: {
    200: json('The promotion as it is now', PromotionWithMessage),
    ...problems(
      ...BODY_PROBLEMS,
      'promotion_not_found',
      'invalid_promotion',
      'promotion_code_taken',
      'version_conflict',
    ),
  },
})

export function addUpdatePromotion(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const { id } = c.req.valid('param')
    const request = { id, changes: toChanges(c.req.valid('json')), versions: versions.value }
    const result = await updatePromotion(c.get('deps'), c.get('caller'), request)
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ promotion: toPromotionView(result.value), message: 'Promotion updated' }, 200)
  })
}
