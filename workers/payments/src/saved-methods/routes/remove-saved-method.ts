import { MessageResponse } from '@shop/http/message'
import { BEARER, createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { opaqueId } from '@shop/kernel/ids'
import { z } from 'zod'
import type { PaymentsApp } from '../../deps.ts'
import { removeSavedMethod } from '../remove-saved-method.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/payments/methods/{id}',
  operationId: 'removeSavedMethod',
  tags: ['Payments'],
  summary: 'Remove a saved card of yours',
  security: BEARER,
  request: { params: z.object({ id: opaqueId('pm_1Q0PsIJvEtkwdCNYMSaVuRz6') }) },
  responses: {
    200: json('The card is removed', MessageResponse),
    ...problems(
      'authentication_required',
      'payment_method_not_found',
      'validation_failed',
      'payment_provider_unavailable',
    ),
  },
})

export function addRemoveSavedMethod(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const removed = await removeSavedMethod(c.get('deps'), c.get('caller'), c.req.valid('param').id)
    return removed.ok ? c.json({ message: 'Payment method forgotten' }, 200) : problem(c, removed.failure)
  })
}
