import { ORDER_ID_EXAMPLE, orderCredentials, TokenHeader } from '@shop/contracts/orders/access'
import { ownerOr } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { opaqueId } from '@shop/kernel/ids'
import { z } from 'zod'
import type { PaymentsApp } from '../../deps.ts'
import { getPaymentsOfOrder } from '../get-payments-of-order.ts'
import { PaymentView, toPaymentView } from './payment-view.ts'

const PaymentsOfOrder = z
  .strictObject({ payment: PaymentView, payments: z.array(PaymentView) })
  .meta({ id: 'PaymentsOfOrder', description: '`payment` is the newest' })

const route = createRoute({
  method: 'get',
  path: '/api/payments/order/{order_id}',
  operationId: 'getPaymentsOfOrder',
  tags: ['Payments'],
  summary: 'Read the payments of an order of yours',
  access: ownerOr(['payments:read'], 'order_token'),
  request: { params: z.object({ order_id: opaqueId(ORDER_ID_EXAMPLE) }), headers: z.object(TokenHeader) },
  responses: {
    200: json('The payments, newest first', PaymentsOfOrder),
    ...problems('forbidden', 'payment_not_found', 'validation_failed'),
  },
})

export function addGetPaymentsOfOrder(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const access = orderCredentials(c.get('caller'), c.req.valid('header'))
    const found = await getPaymentsOfOrder(c.get('deps'), access, c.req.valid('param').order_id)
    if (!found.ok) return problem(c, found.failure)
    const { newest, payments } = found.value
    return c.json({ payment: toPaymentView(newest), payments: payments.map(toPaymentView) }, 200)
  })
}
