import { scope } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { API_KEY_KINDS } from '@shop/kernel/api-key'
import { KeyHeader, markReplayed } from '@shop/kernel/idempotency'
import { KEY_SCOPES } from '@shop/kernel/scopes'
import { InstantField, line } from '@shop/kernel/text'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { createApiKey } from '../create-api-key.ts'
import { ApiKeyView, toApiKeyView } from './api-key-view.ts'

const CreateApiKeyBody = z
  .strictObject({
    kind: z.enum(API_KEY_KINDS).meta({
      description: '`secret` for machines; `publishable` for storefronts, which does what a guest may do',
      example: 'secret',
    }),
    name: line(100).meta({ example: 'Warehouse' }),
    scopes: z
      .array(z.enum(KEY_SCOPES))
      .max(KEY_SCOPES.length)
      .optional()
      .meta({ description: 'Of a secret key, at least one', example: ['orders:read', 'orders:fulfill'] }),
    expires_at: InstantField.optional().meta({ description: 'Never, if left out', example: '2027-12-01T00:00:00Z' }),
  })
  .refine(({ kind, scopes = [] }) => (kind === 'secret') === scopes.length > 0, {
    path: ['scopes'],
    message: 'must be given for a secret key, and for no other',
  })
  .meta({ id: 'CreateApiKeyRequest' })

const CreatedApiKey = z
  .strictObject({
    api_key: ApiKeyView,
    key: z.string().meta({
      description:
        'Shown only in this answer, and again when the same request is repeated with the same Idempotency-Key',
      example: 'shop_sk_3Fz9…',
    }),
    message: z.string().meta({ example: 'API key created' }),
  })
  .meta({ id: 'CreatedApiKey' })

const route = createRoute({
  method: 'post',
  path: '/api/api-keys',
  operationId: 'createApiKey',
  tags: ['API keys'],
  summary: 'Make an API key (staff)',
  description:
    'Send it as `Authorization: Bearer shop_sk_…`. It can have scopes that you have, except `staff:write`, ' +
    '`api_keys:write` and `customers:erase`. A scope that you lose later is lost to the key, too. Needs a sign-in or a step-up ' +
    'within the last ten minutes.',
  access: scope('api_keys:write'),
  request: { headers: z.object(KeyHeader), body: jsonBody(CreateApiKeyBody) },
  responses: {
    201: json('The key', CreatedApiKey),
    ...problems(...BODY_PROBLEMS, 'step_up_required', 'idempotency_key_reused', 'created_and_deleted'),
  },
})

export function addCreateApiKey(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const { kind, name, scopes = [], expires_at: expiresAt = null } = c.req.valid('json')
    const idempotencyKey = c.req.valid('header')['idempotency-key']
    const request = { kind, name, scopes, expiresAt }
    const created = await createApiKey(c.get('deps'), c.get('caller'), request, idempotencyKey)
    if (!created.ok) return problem(c, created.failure)
    const { value, replayed } = created.value
    const { apiKey, key } = value
    return markReplayed(c.json({ api_key: toApiKeyView(apiKey), key, message: 'API key created' }, 201), replayed)
  })
}
