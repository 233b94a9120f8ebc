import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { listInvitations } from '../list-invitations.ts'
import { InvitationView, toInvitationView } from './invitation-view.ts'

const InvitationPage = z
  .strictObject({ invitations: z.array(InvitationView), next_cursor: NextCursor })
  .meta({ id: 'InvitationPage' })

const route = createRoute({
  method: 'get',
  path: '/api/users/invitations',
  operationId: 'listInvitations',
  tags: ['Staff'],
  summary: 'List invitations, newest first (staff)',
  description: 'They are deleted 30 days after they have expired.',
  access: scope('staff:read'),
  request: { query: z.object({ limit: LimitParam, cursor: CursorParam }) },
  responses: { 200: json('A page of invitations', InvitationPage), ...problems('invalid_cursor') },
})

export function addListInvitations(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const page = await listInvitations(deps, c.get('caller'), c.req.valid('query'))
    if (!page.ok) return problem(c, page.failure)
    const { items, nextCursor } = page.value
    const now = deps.now()
    return c.json({ invitations: items.map((one) => toInvitationView(one, now)), next_cursor: nextCursor }, 200)
  })
}
