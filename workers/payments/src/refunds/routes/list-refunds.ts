import { orderCredentials, TokenHeader } from '@shop/contracts/orders/access'
import { ownerOr } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { opaqueId } from '@shop/kernel/ids'
import { z } from 'zod'
import type { PaymentsApp } from '../../deps.ts'
import { PAYMENT_ID_EXAMPLE } from '../../payments/routes/payment-view.ts'
import { listRefunds } from '../list-refunds.ts'
import { RefundView, toRefundView } from './refund-view.ts'

const RefundsOfPayment = z
  .strictObject({ refunds: z.array(RefundView).meta({ description: 'Oldest first' }) })
  .meta({ id: 'RefundsOfPayment' })

const route = createRoute({
  method: 'get',
  path: '/api/payments/{id}/refunds',
  operationId: 'listRefunds',
  tags: ['Payments'],
  summary: 'Read the refunds of a payment of yours',
  access: ownerOr(['payments:read'], 'order_token'),
  request: { params: z.object({ id: opaqueId(PAYMENT_ID_EXAMPLE) }), headers: z.object(TokenHeader) },
  responses: {
    200: json('The refunds, oldest first', RefundsOfPayment),
    ...problems('forbidden', 'payment_not_found', 'validation_failed'),
  },
})

export function addListRefunds(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const access = orderCredentials(c.get('caller'), c.req.valid('header'))
    const found = await listRefunds(c.get('deps'), access, c.req.valid('param').id)
    return found.ok ? c.json({ refunds: found.value.map(toRefundView) }, 200) : problem(c, found.failure)
  })
}
