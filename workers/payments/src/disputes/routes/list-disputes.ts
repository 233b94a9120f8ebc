import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { NextCursor } from '@shop/kernel/pagination'
import { z } from 'zod'
import type { PaymentsApp } from '../../deps.ts'
import { PageQuery } from '../../lists/page-query.ts'
import { listDisputes } from '../list-disputes.ts'
import { DisputeView, toDisputeView } from './dispute-view.ts'

const DisputePage = z
  .strictObject({ disputes: z.array(DisputeView), next_cursor: NextCursor })
  .meta({ id: 'DisputePage' })

const route = createRoute({
  method: 'get',
  path: '/api/payments/disputes',
  operationId: 'listDisputes',
  tags: ['Payments'],
  summary: 'List disputes (staff)',
  description: 'Money that banks have withdrawn while they investigate, and inquiries.',
  access: scope('payments:read'),
  request: { query: PageQuery },
  responses: {
    200: json('A page, newest first', DisputePage),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

export function addListDisputes(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const listed = await listDisputes(c.get('deps'), c.get('caller'), c.req.valid('query'))
    if (!listed.ok) return problem(c, listed.failure)
    return c.json({ disputes: listed.value.items.map(toDisputeView), next_cursor: listed.value.nextCursor }, 200)
  })
}
