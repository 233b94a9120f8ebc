import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { opaqueId } from '@shop/kernel/ids'
import { CursorParam, limitParam, NextCursor } from '@shop/kernel/pagination'
import { filterText } from '@shop/kernel/text'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { DEFAULT_CODE_LIMIT, listPromotionCodes, MAX_CODE_LIMIT } from '../list-promotion-codes.ts'
import { BATCH_ID_EXAMPLE, CodeView, toCodeView } from './code-view.ts'
import { PROMOTION_ID_EXAMPLE } from './promotion-fields.ts'

const ListCodesQuery = z.object({
  batch_id: filterText(100).meta({ description: 'Only the codes that one request made', example: BATCH_ID_EXAMPLE }),
  limit: limitParam(MAX_CODE_LIMIT, DEFAULT_CODE_LIMIT),
  cursor: CursorParam,
})

const CodePage = z.strictObject({ codes: z.array(CodeView), next_cursor: NextCursor }).meta({ id: 'PromotionCodePage' })

const route = createRoute({
  method: 'get',
  path: '/api/promotions/{id}/codes',
  operationId: 'listPromotionCodes',
  tags: ['Promotions'],
  summary: 'List the single-use codes of a promotion, in the order in which they were made (staff)',
  access: scope('promotions:read'),
  request: { params: z.object({ id: opaqueId(PROMOTION_ID_EXAMPLE) }), query: ListCodesQuery },
  responses: {
    200: json('A page of codes', CodePage),
    ...problems('validation_failed', 'promotion_not_found', 'invalid_cursor'),
  },
})

export function addListPromotionCodes(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const { batch_id: batchId, ...query } = c.req.valid('query')
    const request = { ...c.req.valid('param'), batchId, ...query }
    const page = await listPromotionCodes(c.get('deps'), c.get('caller'), request)
    if (!page.ok) return problem(c, page.failure)
    return c.json({ codes: page.value.items.map(toCodeView), next_cursor: page.value.nextCursor }, 200)
  })
}
