import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import { UserIdParam } from '../../accounts/routes/user-view.ts'
import type { UsersApp } from '../../deps.ts'
import { resetFactors } from '../reset-factors.ts'

const ResetFactorsResponse = z
  .strictObject({
    message: z.string().meta({ example: 'Factors removed' }),
    removed: z.int().meta({ description: 'How many factors the account had', example: 1 }),
  })
  .meta({ id: 'ResetFactorsResponse' })

const route = createRoute({
  method: 'delete',
  path: '/api/users/{id}/factors',
  operationId: 'resetFactors',
  tags: ['Staff'],
  summary: 'Remove all second factors of an account (staff)',
  description:
    'For somebody who has lost them. Make sure who asks: it may be the person who stole the password. The recovery codes are ' +
    'removed, too, so that the password alone signs in. All sessions of the account end, and its owner gets a mail. Refused for ' +
    'an account with scopes that you do not have. Needs a sign-in or a step-up within the last ten minutes.',
  access: scope('staff:write'),
  request: { params: z.object({ id: UserIdParam }) },
  responses: {
    200: json('The account has no second factor', ResetFactorsResponse),
    ...problems('step_up_required', 'user_not_found'),
  },
})

export function addResetFactors(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const removed = await resetFactors(c.get('deps'), c.get('caller'), c.req.valid('param'))
    if (!removed.ok) return problem(c, removed.failure)
    return c.json({ message: 'Factors removed', removed: removed.value }, 200)
  })
}
