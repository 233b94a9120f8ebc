import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { revokeInvitation } from '../revoke-invitation.ts'
import { InvitationIdParam, InvitationWithMessage, toInvitationView } from './invitation-view.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/users/invitations/{id}',
  operationId: 'revokeInvitation',
  tags: ['Staff'],
  summary: 'Revoke an invitation that nobody has taken (staff)',
  access: scope('staff:write'),
  request: { params: z.object({ id: InvitationIdParam }) },
  responses: { 200: json('The invitation, revoked', InvitationWithMessage), ...problems('invitation_not_found') },
})

export function addRevokeInvitation(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const revoked = await revokeInvitation(deps, c.get('caller'), c.req.valid('param'))
    if (!revoked.ok) return problem(c, revoked.failure)
    return c.json({ invitation: toInvitationView(revoked.value, deps.now()), message: 'Invitation revoked' }, 200)
  })
}
