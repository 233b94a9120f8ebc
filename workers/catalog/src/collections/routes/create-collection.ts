import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { MetadataField } from '@shop/kernel/metadata'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { slug } from '../../slugs/routes/slug-field.ts'
import { createCollection } from '../create-collection.ts'
import { collectionName, productIds, RuleBody, toRuleDraft } from './collection-fields.ts'
import { CollectionWithMessage, toCollectionView } from './collection-view.ts'

const CreateCollectionBody = z
  .strictObject({
    name: collectionName,
    slug: slug.optional(),
    rule: RuleBody.optional(),
    product_ids: productIds.optional(),
    metadata: MetadataField.optional(),
  })
  .refine(({ rule, product_ids }) => rule === undefined || product_ids === undefined, {
    path: ['product_ids'],
    message: 'must not come with a rule, which decides the products',
  })
  .meta({ id: 'CreateCollectionRequest', description: 'With a rule, or with products for a manual collection' })

const route = createRoute({
  method: 'post',
  path: '/api/collections',
  operationId: 'createCollection',
  tags: ['Collections'],
  summary: 'Create a collection (staff)',
  access: scope('products:write'),
  request: { headers: z.object(KeyHeader), body: jsonBody(CreateCollectionBody) },
  responses: {
    201: json('The created collection', CollectionWithMessage),
    ...problems(
      ...BODY_PROBLEMS,
      'invalid_collection_rule',
      'category_not_found',
      'product_not_found',
      'slug_taken',
      'idempotency_key_reused',
      'created_and_deleted',
    ),
  },
})

export function addCreateCollection(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const { rule, product_ids: productIds, ...fields } = c.req.valid('json')
    const caller = c.get('caller')
    const draft = { ...fields, rule: rule && toRuleDraft(rule), productIds }
    const result = await createCollection(c.get('deps'), caller, draft, c.req.valid('header')['idempotency-key'])
    if (!result.ok) return problem(c, result.failure)
    const { value, replayed } = result.value
    versioned(c, value.version)
    if (replayed) c.header(REPLAYED_HEADER, 'true')
    return c.json({ collection: toCollectionView(value, caller), message: 'Collection created' }, 201)
  })
}
