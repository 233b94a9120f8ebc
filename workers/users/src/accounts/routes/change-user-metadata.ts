import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { MetadataPatch } from '@shop/kernel/metadata'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { changeUserMetadata } from '../change-user-metadata.ts'
import { toUserRecordView, UserIdParam, UserRecordView } from './user-view.ts'

const ChangeMetadataBody = z
  .strictObject({ metadata: MetadataPatch })
  .meta({ id: 'ChangeUserMetadataRequest', description: 'A merge patch (RFC 7396)' })

const UserMetadataWithMessage = z
  .strictObject({ user: UserRecordView, message: z.string().meta({ example: 'Account updated' }) })
  .meta({ id: 'UserMetadataWithMessage' })

const route = createRoute({
  method: 'patch',
  path: '/api/users/{id}/metadata',
  operationId: 'changeUserMetadata',
  tags: ['Users'],
  summary: 'Change the metadata of an account (staff)',
  access: scope('customers:write'),
  request: {
    params: z.object({ id: UserIdParam }),
    headers: z.object({ 'if-match': IfMatchHeader }),
    body: jsonBody(ChangeMetadataBody),
  },
  responses: {
    200: json('The account after the change', UserMetadataWithMessage),
    ...problems(...BODY_PROBLEMS, 'user_not_found', 'version_conflict', 'metadata_too_large'),
  },
})

export function addChangeUserMetadata(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const request = { ...c.req.valid('param'), ...c.req.valid('json'), versions: versions.value }
    const updated = await changeUserMetadata(c.get('deps'), c.get('caller'), request)
    if (!updated.ok) return problem(c, updated.failure)
    versioned(c, updated.value.version)
    return c.json({ user: toUserRecordView(updated.value), message: 'Account updated' }, 200)
  })
}
