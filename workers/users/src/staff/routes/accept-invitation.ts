import { PUBLIC } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { text } from '@shop/kernel/text'
import { z } from 'zod'
import { toUserView } from '../../accounts/routes/user-view.ts'
import type { UsersApp } from '../../deps.ts'
import { NewPassword } from '../../passwords/routes/password-fields.ts'
import { acceptInvitation } from '../accept-invitation.ts'
import { UserWithMessage } from './user-with-message.ts'

const AcceptBody = z
  .strictObject({
    token: text(1, 200).meta({ description: 'Of the link in the mail', example: 'q83vEjRWeJC8kQ0q83vEjRWeJC8kQ0' }),
    name: text(1, 200).meta({ example: 'Grace Hopper' }),
    password: NewPassword,
  })
  .meta({ id: 'AcceptInvitationRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/users/invitations/accept',
  operationId: 'acceptInvitation',
  tags: ['Staff'],
  summary: 'Take an invitation, once',
  description: 'Makes the account with the e-mail address and the role of the invitation. Then sign in with it.',
  access: PUBLIC,
  request: { body: jsonBody(AcceptBody) },
  responses: {
    201: json('The account', UserWithMessage),
    ...problems(...BODY_PROBLEMS, 'invitation_not_found', 'invalid_password', 'email_taken', 'too_busy'),
  },
})

export function addAcceptInvitation(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const accepted = await acceptInvitation(c.get('deps'), c.req.valid('json'))
    if (!accepted.ok) return problem(c, accepted.failure)
    return c.json({ user: toUserView(accepted.value), message: 'Account created' }, 201)
  })
}
