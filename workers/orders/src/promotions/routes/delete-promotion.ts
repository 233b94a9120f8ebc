import { scope } from '@shop/http/access'
import { expectedVersions } from '@shop/http/conditional'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { opaqueId } from '@shop/kernel/ids'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { deletePromotion } from '../delete-promotion.ts'
import { PROMOTION_ID_EXAMPLE } from './promotion-fields.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/promotions/{id}',
  operationId: 'deletePromotion',
  tags: ['Promotions'],
  summary: 'Delete a promotion; orders keep what they got (staff)',
  access: scope('promotions:write'),
  request: {
    params: z.object({ id: opaqueId(PROMOTION_ID_EXAMPLE) }),
    headers: z.object({ 'if-match': IfMatchHeader }),
  },
  responses: {
    200: json('The promotion was deleted', MessageResponse),
    ...problems('validation_failed', 'promotion_not_found', 'version_conflict'),
  },
})

export function addDeletePromotion(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const request = { ...c.req.valid('param'), versions: versions.value }
    const result = await deletePromotion(c.get('deps'), c.get('caller'), request)
    return result.ok ? c.json({ message: 'Promotion deleted' }, 200) : problem(c, result.failure)
  })
}
