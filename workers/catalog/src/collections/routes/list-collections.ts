import { publicAnd } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { ok } from '@shop/kernel/result'
import { z } from 'zod'
import { answerPage } from '../../caching/routes/answer-page.ts'
import { keptValue, parserOf } from '../../caching/routes/shared-answer.ts'
import type { CatalogApp } from '../../deps.ts'
import { listCollections } from '../list-collections.ts'
import { CollectionView, toCollectionView } from './collection-view.ts'

export const ListCollectionsQuery = z.object({
  limit: LimitParam,
  cursor: CursorParam,
})

const CollectionPage = z
  .strictObject({ collections: z.array(CollectionView), next_cursor: NextCursor })
  .meta({ id: 'CollectionPage' })

const route = createRoute({
  method: 'get',
  path: '/api/collections',
  operationId: 'listCollections',
  tags: ['Collections'],
  summary: 'List collections, newest first',
  access: publicAnd('products:read'),
  request: { query: ListCollectionsQuery },
  responses: {
    200: json('A page of collections', CollectionPage),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

const parse = parserOf(keptValue(CollectionPage))

export function addListCollections(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const caller = c.get('caller')
    const { limit, cursor } = c.req.valid('query')
    const load = async () => {
      const page = await listCollections(deps, { limit, cursor })
      if (!page.ok) return page
      const { items, nextCursor } = page.value
      return ok({
        collections: items.map((collection) => toCollectionView(collection, caller)),
        next_cursor: nextCursor,
      })
    }
    const key = `collections:${JSON.stringify([limit, cursor])}`
    return answerPage(c, { key, parse, load })
  })
}
