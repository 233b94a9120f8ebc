import { DisputePage, PageQuery } from '@shop/contracts'
import { BEARER, createRoute, json, problem, problems } from '@shop/http'
import { listDisputes } from '../operations/list-disputes.ts'
import { toDisputeView } from '../record-views.ts'
import type { PaymentsApp } from './payments-app.ts'

const route = createRoute({
  method: 'get',
  path: '/api/payments/disputes',
  operationId: 'listDisputes',
  tags: ['Payments'],
  summary: 'List disputes (staff)',
  description: 'What customers’ banks have taken back while they look into it, or ask about.',
  security: BEARER,
  request: { query: PageQuery },
  responses: {
    200: json('A page, newest first', DisputePage),
    ...problems('authentication_required', 'forbidden', 'validation_failed', 'invalid_cursor'),
  },
})

export function addListDisputes(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const listed = await listDisputes(c.get('deps'), c.get('caller'), c.req.valid('query'))
    if (!listed.ok) return problem(c, listed.failure)
    return c.json({ disputes: listed.value.items.map(toDisputeView), next_cursor: listed.value.nextCursor }, 200)
  })
}
