import { publicAnd } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { ok } from '@shop/kernel/result'
import { z } from 'zod'
import { readAnswer } from '../../caching/read-answer.ts'
import { keptFailure, keptValue, parserOf, sharedAnswer } from '../../caching/routes/shared-answer.ts'
import type { CatalogApp } from '../../deps.ts'
import { getCollection } from '../get-collection.ts'
import { CollectionIdParam } from './collection-fields.ts'
import { CollectionResponse, toCollectionView } from './collection-view.ts'

const route = createRoute({
  method: 'get',
  path: '/api/collections/{id}',
  operationId: 'getCollection',
  tags: ['Collections'],
  summary: 'Get a collection',
  access: publicAnd('products:read'),
  request: { params: z.object({ id: CollectionIdParam }) },
  responses: {
    200: json('The collection', CollectionResponse),
    ...problems('validation_failed', 'collection_not_found'),
  },
})

const NOT_FOUND = keptFailure(z.object({ code: z.literal('collection_not_found'), collectionId: z.int() }))
const parse = parserOf(z.union([keptValue(CollectionResponse), NOT_FOUND]))

export function addGetCollection(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const caller = c.get('caller')
    const { id } = c.req.valid('param')
    const load = async () => {
      const result = await getCollection(deps, { id })
      return result.ok ? ok({ collection: toCollectionView(result.value, caller) }) : result
    }
    const reading = await readAnswer(deps, caller, { key: `collection:${id}`, parse, keeps: () => true, load })
    const { answer } = reading
    if (answer.ok) versioned(c, answer.value.collection.version)
    return sharedAnswer(reading, answer.ok ? c.json(answer.value, 200) : problem(c, answer.failure))
  })
}
