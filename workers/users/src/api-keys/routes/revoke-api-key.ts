import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { revokeApiKey } from '../revoke-api-key.ts'
import { ApiKeyIdParam, ApiKeyWithMessage, toApiKeyView } from './api-key-view.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/api-keys/{id}',
  operationId: 'revokeApiKey',
  tags: ['API keys'],
  summary: 'Revoke an API key (staff)',
  description: 'It ends at once for writes, and within 60 s for reads.',
  access: scope('api_keys:write'),
  request: { params: z.object({ id: ApiKeyIdParam }) },
  responses: { 200: json('The key, revoked', ApiKeyWithMessage), ...problems('api_key_not_found') },
})

export function addRevokeApiKey(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const revoked = await revokeApiKey(c.get('deps'), c.get('caller'), c.req.valid('param'))
    if (!revoked.ok) return problem(c, revoked.failure)
    return c.json({ api_key: toApiKeyView(revoked.value), message: 'API key revoked' }, 200)
  })
}
