import { scope } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { Email } from '@shop/kernel/email'
import { KeyHeader, markReplayed } from '@shop/kernel/idempotency'
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
    'have. Change the role of somebody who has an account at `/api/users/{id}/role`. Needs a sign-in or a step-up within the ' +
    'last ten minutes.',
  access: scope('staff:write'),
  request: { headers: z.object(KeyHeader), body: jsonBody(InviteBody) },
  responses: {
    201: json('The invitation', InvitationWithMessage),
    ...problems(...BODY_PROBLEMS, 'step_up_required', 'email_taken', 'idempotency_key_reused', 'created_and_deleted'),
  },
})

export function addInviteStaff(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const key = c.req.valid('header')['idempotency-key']
    const invited = await inviteStaff(deps, c.get('caller'), c.req.valid('json'), key)
    if (!invited.ok) return problem(c, invited.failure)
    const { value, replayed } = invited.value
    const answer = c.json({ invitation: toInvitationView(value, deps.now()), message: 'Invitation sent' }, 201)
    return markReplayed(answer, replayed)
  })
}
