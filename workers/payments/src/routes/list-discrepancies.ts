import { DiscrepancyPage, PageQuery } from '@shop/contracts'
import { BEARER, createRoute, json, problem, problems } from '@shop/http'
import { listDiscrepancies } from '../operations/list-discrepancies.ts'
import { toDiscrepancyView } from '../record-views.ts'
import type { PaymentsApp } from './payments-app.ts'

const route = createRoute({
  method: 'get',
  path: '/api/payments/discrepancies',
  operationId: 'listDiscrepancies',
  tags: ['Payments'],
  summary: 'List differences between Stripe and the shop (staff)',
  description: 'Those that have no one right answer, so that a person has to see to them.',
  security: BEARER,
  request: { query: PageQuery },
  responses: {
    200: json('A page, newest first', DiscrepancyPage),
    ...problems('authentication_required', 'forbidden', 'validation_failed', 'invalid_cursor'),
  },
})

export function addListDiscrepancies(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const listed = await listDiscrepancies(c.get('deps'), c.get('caller'), c.req.valid('query'))
    if (!listed.ok) return problem(c, listed.failure)
    return c.json(
      { discrepancies: listed.value.items.map(toDiscrepancyView), next_cursor: listed.value.nextCursor },
      200,
    )
  })
}
