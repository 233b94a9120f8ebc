import { scope } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { opaqueId } from '@shop/kernel/ids'
import { NextCursor } from '@shop/kernel/pagination'
import { line } from '@shop/kernel/text'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { createPromotionCodes } from '../create-promotion-codes.ts'
import { codeKey } from '../domain/code-key.ts'
import { MAX_CODES, MAX_PREFIX_LENGTH } from '../domain/new-codes.ts'
import { BATCH_ID_EXAMPLE, CodeView, toCodeView } from './code-view.ts'
import { PROMOTION_ID_EXAMPLE } from './promotion-fields.ts'

const CreateCodesBody = z
  .strictObject({
    count: z.int().min(1).max(MAX_CODES).meta({ description: 'How many', example: 10 }),
    prefix: line(MAX_PREFIX_LENGTH)
      .refine(
        (prefix) => prefix.length > MAX_PREFIX_LENGTH || codeKey(prefix).length <= MAX_PREFIX_LENGTH,
        `must have at most ${MAX_PREFIX_LENGTH} characters`,
      )
      .optional()
      .meta({ description: 'What each code begins with; 13 random characters follow', example: 'WELCOME-' }),
  })
  .meta({ id: 'CreatePromotionCodesRequest' })

const CreatedCodes = z
  .strictObject({
    batch_id: z.string().meta({ description: 'Lists all of these codes, as `batch_id`', example: BATCH_ID_EXAMPLE }),
    count: z.int().meta({ example: 10 }),
    codes: z.array(CodeView).meta({ description: 'At most 1000: the first ones' }),
    next_cursor: NextCursor,
    message: z.string().meta({ example: 'Codes created' }),
  })
  .meta({ id: 'CreatedPromotionCodes' })

const route = createRoute({
  method: 'post',
  path: '/api/promotions/{id}/codes',
  operationId: 'createPromotionCodes',
  tags: ['Promotions'],
  summary: 'Make single-use codes of a promotion (staff)',
  description:
    'One order can use each of them. From then on only codes lead to the promotion: it does not apply by itself. The ' +
    'codes after the first 1000 are listed with `batch_id` and `next_cursor`.',
  access: scope('promotions:write'),
  request: {
    params: z.object({ id: opaqueId(PROMOTION_ID_EXAMPLE) }),
    headers: z.object(KeyHeader),
    body: jsonBody(CreateCodesBody),
  },
  responses: {
    201: json('The codes', CreatedCodes),
    ...problems(...BODY_PROBLEMS, 'promotion_not_found', 'idempotency_key_reused', 'created_and_deleted'),
  },
})

export function addCreatePromotionCodes(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const request = { ...c.req.valid('param'), ...c.req.valid('json') }
    const key = c.req.valid('header')['idempotency-key']
    const result = await createPromotionCodes(c.get('deps'), c.get('caller'), request, key)
    if (!result.ok) return problem(c, result.failure)
    const { id, count, items, nextCursor, replayed } = result.value
    if (replayed) c.header(REPLAYED_HEADER, 'true')
    const codes = { codes: items.map(toCodeView), next_cursor: nextCursor }
    return c.json({ batch_id: id, count, ...codes, message: 'Codes created' }, 201)
  })
}
