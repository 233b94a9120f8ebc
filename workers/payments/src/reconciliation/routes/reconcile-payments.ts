import { scope } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { MAX_LIMIT } from '@shop/kernel/pagination'
import { z } from 'zod'
import type { PaymentsApp } from '../../deps.ts'
import { reconcilePayments } from '../reconcile-payments.ts'

const ReconcilePaymentsBody = z
  .strictObject({
    limit: z
      .int()
      .min(1)
      .max(MAX_LIMIT)
      .optional()
      .meta({ description: `PaymentIntents, and refunds, to compare at most; ${MAX_LIMIT} if left out`, example: 100 }),
  })
  .meta({ id: 'ReconcilePaymentsRequest' })

const count = (description: string) => z.int().min(0).meta({ description, example: 0 })

const ReconciliationView = z
  .strictObject({
    compared: count('Objects at Stripe that were compared'),
    applied: count('Differences with one right answer, which were applied'),
    discrepancies: count('Differences that a person has to resolve'),
    finished: z.boolean().meta({ description: 'Whether everything in reach has now been compared', example: true }),
  })
  .meta({ id: 'Reconciliation' })

const ReconciliationResponse = z
  .strictObject({ reconciliation: ReconciliationView })
  .meta({ id: 'ReconciliationResponse' })

const route = createRoute({
  method: 'post',
  path: '/api/payments/reconcile',
  operationId: 'reconcilePayments',
  tags: ['Payments'],
  summary: 'Compare a page of what Stripe has with the shop (staff)',
  description:
    'The shop does so by itself, page by page. What Stripe is ahead with is applied; what has no one right answer is ' +
    'listed by `listDiscrepancies`.',
  access: scope('payments:write'),
  request: { body: jsonBody(ReconcilePaymentsBody) },
  responses: {
    200: json('What was compared', ReconciliationResponse),
    ...problems(...BODY_PROBLEMS, 'reconciliation_in_progress'),
  },
})

export function addReconcilePayments(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const done = await reconcilePayments(c.get('deps'), c.get('caller'), c.req.valid('json'))
    return done.ok ? c.json({ reconciliation: done.value }, 200) : problem(c, done.failure)
  })
}
