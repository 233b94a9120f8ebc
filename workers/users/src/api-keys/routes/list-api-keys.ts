import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { listApiKeys } from '../list-api-keys.ts'
import { ApiKeyView, toApiKeyView } from './api-key-view.ts'

const ApiKeyPage = z.strictObject({ api_keys: z.array(ApiKeyView), next_cursor: NextCursor }).meta({ id: 'ApiKeyPage' })

const route = createRoute({
  method: 'get',
  path: '/api/api-keys',
  operationId: 'listApiKeys',
  tags: ['API keys'],
  summary: 'List API keys, newest first (staff)',
  access: scope('api_keys:read'),
  request: { query: z.object({ limit: LimitParam, cursor: CursorParam }) },
  responses: { 200: json('A page of keys', ApiKeyPage), ...problems('invalid_cursor') },
})

export function addListApiKeys(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const page = await listApiKeys(c.get('deps'), c.get('caller'), c.req.valid('query'))
    if (!page.ok) return problem(c, page.failure)
    return c.json({ api_keys: page.value.items.map(toApiKeyView), next_cursor: page.value.nextCursor }, 200)
  })
}
