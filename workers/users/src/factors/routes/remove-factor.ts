import { SIGNED_IN } from '@shop/http/access'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { removeFactor } from '../remove-factor.ts'
import { FactorIdParam } from './factor-view.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/users/factors/{id}',
  operationId: 'removeFactor',
  tags: ['Factors'],
  summary: 'Remove a second factor',
  description: 'The last one takes the recovery codes with it: from then on the password alone signs in.',
  access: SIGNED_IN,
  request: { params: z.object({ id: FactorIdParam }) },
  responses: {
    200: json('It no longer signs in', MessageResponse),
    ...problems('step_up_required', 'factor_not_found'),
  },
})

export function addRemoveFactor(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const result = await removeFactor(c.get('deps'), c.get('caller'), c.req.valid('param'))
    return result.ok ? c.json({ message: 'Factor removed' }, 200) : problem(c, result.failure)
  })
}
