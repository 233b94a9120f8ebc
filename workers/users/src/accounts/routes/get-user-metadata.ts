import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { getUserMetadata } from '../get-user-metadata.ts'
import { toUserRecordView, UserIdParam, UserRecordView } from './user-view.ts'

const UserMetadataResponse = z.strictObject({ user: UserRecordView }).meta({ id: 'UserMetadataResponse' })

const route = createRoute({
  method: 'get',
  path: '/api/users/{id}/metadata',
  operationId: 'getUserMetadata',
  tags: ['Users'],
  summary: 'Show what staff keep with an account (staff)',
  access: scope('customers:read'),
  request: { params: z.object({ id: UserIdParam }) },
  responses: {
    200: json('The account', UserMetadataResponse),
    ...problems('user_not_found'),
  },
})

export function addGetUserMetadata(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const found = await getUserMetadata(c.get('deps'), c.get('caller'), c.req.valid('param'))
    if (!found.ok) return problem(c, found.failure)
    versioned(c, found.value.version)
    return c.json({ user: toUserRecordView(found.value) }, 200)
  })
}
