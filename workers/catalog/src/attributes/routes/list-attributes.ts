import { PUBLIC } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { ok } from '@shop/kernel/result'
import { z } from 'zod'
import { answerPage } from '../../caching/routes/answer-page.ts'
import { keptValue, parserOf } from '../../caching/routes/shared-answer.ts'
import type { CatalogApp } from '../../deps.ts'
import { listAttributes } from '../list-attributes.ts'
import { AttributeView, toAttributeView } from './attribute-view.ts'

export const ListAttributesQuery = z.object({
  limit: LimitParam,
  cursor: CursorParam,
})

const AttributePage = z
  .strictObject({ attributes: z.array(AttributeView), next_cursor: NextCursor })
  .meta({ id: 'AttributePage' })

const route = createRoute({
  method: 'get',
  path: '/api/attributes',
  operationId: 'listAttributes',
  tags: ['Attributes'],
  summary: 'List the declared attributes of products, by key',
  access: PUBLIC,
  request: { query: ListAttributesQuery },
  responses: {
    200: json('A page of attributes', AttributePage),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

const parse = parserOf(keptValue(AttributePage))

export function addListAttributes(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const { limit, cursor } = c.req.valid('query')
    const load = async () => {
      const page = await listAttributes(deps, { limit, cursor })
      if (!page.ok) return page
      const { items, nextCursor } = page.value
      return ok({ attributes: items.map(toAttributeView), next_cursor: nextCursor })
    }
    const key = `attributes:${JSON.stringify([limit, cursor])}`
    return answerPage(c, { key, parse, load })
  })
}
