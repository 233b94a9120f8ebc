import { scope } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { Email } from '@shop/kernel/email'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { inviteStaff } from '../invite-staff.ts'
import { InvitationWithMessage, StaffRole, toInvitationView } from './invitation-view.ts'

const InviteBody = z.strictObject({ email: Email, role: StaffRole }).meta({ id: 'InviteStaffRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/users/invitations',
  operationId: 'inviteStaff',
  tags: ['Staff'],
  summary: 'Invite somebody to become staff (staff)',
  description:
    'The mail has a link that makes one account with that role, within 3 days. You can only invite to roles whose scopes you ' +
    'have. Change the role of somebody who has an account at `/api/users/{id}/role`.',
  access: scope('staff:write'),
  request: { body: jsonBody(InviteBody) },
  responses: {
    201: json('The invitation', InvitationWithMessage),
    ...problems(...BODY_PROBLEMS, 'step_up_required', 'email_taken'),
  },
})

export function addInviteStaff(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const invited = await inviteStaff(deps, c.get('caller'), c.req.valid('json'))
    if (!invited.ok) return problem(c, invited.failure)
    return c.json({ invitation: toInvitationView(invited.value, deps.now()), message: 'Invitation sent' }, 201)
  })
}
