import { ReconcilePaymentsBody, ReconciliationResponse } from '@shop/contracts'
import { BEARER, BODY_PROBLEMS, createRoute, json, jsonBody, problem, problems } from '@shop/http'
import { reconcileNow } from '../operations/reconcile.ts'
import type { PaymentsApp } from './payments-app.ts'

const route = createRoute({
  method: 'post',
  path: '/api/payments/reconcile',
  operationId: 'reconcilePayments',
  tags: ['Payments'],
  summary: 'Compare a page of what Stripe has with the books (staff)',
  description:
    'The shop does so by itself, page by page. What Stripe is further on with is applied; what has no one right answer ' +
    'is listed by `listDiscrepancies`.',
  security: BEARER,
  request: { body: jsonBody(ReconcilePaymentsBody) },
  responses: {
    200: json('What was compared', ReconciliationResponse),
    ...problems(...BODY_PROBLEMS, 'authentication_required', 'forbidden', 'reconciliation_in_progress'),
  },
})

export function addReconcilePayments(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const done = await reconcileNow(c.get('deps'), c.get('caller'), c.req.valid('json'))
    return done.ok ? c.json({ reconciliation: done.value }, 200) : problem(c, done.failure)
  })
}
