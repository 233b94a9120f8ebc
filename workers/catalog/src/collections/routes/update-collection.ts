import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { MetadataPatch } from '@shop/kernel/metadata'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { slug } from '../../slugs/routes/slug-field.ts'
import { updateCollection } from '../update-collection.ts'
import { CollectionIdParam, collectionName, RulePatch, toRuleChanges } from './collection-fields.ts'
import { CollectionWithMessage, toCollectionView } from './collection-view.ts'

const UpdateCollectionBody = z
  .strictObject({
    name: collectionName.optional(),
    slug: slug.optional(),
    rule: RulePatch.optional(),
    metadata: MetadataPatch.optional(),
  })
  .meta({ id: 'UpdateCollectionRequest', description: 'A merge patch (RFC 7396): omitted fields stay as they are' })

const route = createRoute({
  method: 'patch',
  path: '/api/collections/{id}',
  operationId: 'updateCollection',
  tags: ['Collections'],
  summary: 'Change a collection (staff)',
  access: scope('products:write'),
  request: {
    params: z.object({ id: CollectionIdParam }),
    headers: z.object({ 'if-match': IfMatchHeader }),
    body: jsonBody(UpdateCollectionBody),
  },
  responses: {
    200: json('The collection as it is now', CollectionWithMessage),
    ...problems(
      ...BODY_PROBLEMS,
      'collection_not_found',
      'collection_has_no_rule',
      'invalid_collection_rule',
      'category_not_found',
      'slug_taken',
      'metadata_too_large',
      'version_conflict',
    ),
  },
})

export function addUpdateCollection(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const { rule, ...fields } = c.req.valid('json')
    const caller = c.get('caller')
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const changes = { ...fields, rule: rule && toRuleChanges(rule) }
    const result = await updateCollection(c.get('deps'), caller, { id, changes, versions: versions.value })
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ collection: toCollectionView(result.value, caller), message: 'Collection updated' }, 200)
  })
}
