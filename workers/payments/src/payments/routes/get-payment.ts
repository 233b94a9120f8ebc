import { orderCredentials, TokenHeader } from '@shop/contracts/orders/access'
import { ownerOr } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { opaqueId } from '@shop/kernel/ids'
import { z } from 'zod'
import type { PaymentsApp } from '../../deps.ts'
import { DisputeView, toDisputeView } from '../../disputes/routes/dispute-view.ts'
import { getPayment } from '../get-payment.ts'
import { PAYMENT_ID_EXAMPLE, PaymentView, toPaymentView } from './payment-view.ts'

const PaymentDetailsResponse = z
  .strictObject({
    payment: PaymentView.extend({
      disputes: z.array(DisputeView).optional().meta({ description: 'Staff only: newest first' }),
    }).meta({ id: 'PaymentDetails' }),
  })
  .meta({ id: 'PaymentDetailsResponse' })

const route = createRoute({
  method: 'get',
  path: '/api/payments/{id}',
  operationId: 'getPayment',
  tags: ['Payments'],
  summary: 'Read a payment of yours',
  description: 'Staff read any payment, with its disputes; a guest reads that of their order with its `X-Order-Token`.',
  access: ownerOr(['payments:read'], 'order_token'),
  request: { params: z.object({ id: opaqueId(PAYMENT_ID_EXAMPLE) }), headers: z.object(TokenHeader) },
  responses: {
    200: json('The payment', PaymentDetailsResponse),
    ...problems('forbidden', 'payment_not_found', 'validation_failed'),
  },
})

export function addGetPayment(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const access = orderCredentials(c.get('caller'), c.req.valid('header'))
    const found = await getPayment(c.get('deps'), access, c.req.valid('param').id)
    if (!found.ok) return problem(c, found.failure)
    const { payment, disputes } = found.value
    const details = disputes && { disputes: disputes.map(toDisputeView) }
    return c.json({ payment: { ...toPaymentView(payment), ...details } }, 200)
  })
}
