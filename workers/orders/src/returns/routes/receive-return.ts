import { scope } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { opaqueId } from '@shop/kernel/ids'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { LINE_ID_EXAMPLE } from '../../fulfillment/routes/shipment-view.ts'
import { Quantity } from '../../orders/routes/order-item.ts'
import { receiveReturn } from '../receive-return.ts'
import { ReturnParams } from './return-request.ts'
import { ReturnResponse, toReturnView } from './return-view.ts'

const ReceiveReturnBody = z
  .strictObject({
    items: z
      .array(
        z.strictObject({
          line_id: opaqueId(LINE_ID_EXAMPLE),
          quantity: Quantity,
          restock: z
            .boolean()
            .meta({ description: 'True: the units are for sale again. False: they are written off', example: true }),
        }),
      )
      .min(1)
      .max(500)
      .meta({ example: [{ line_id: LINE_ID_EXAMPLE, quantity: 1, restock: true }] }),
  })
  .meta({ id: 'ReceiveReturnRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/returns/{id}/receive',
  operationId: 'receiveReturn',
  tags: ['Returns'],
  summary: 'Record received units of a return (staff)',
  description:
    'Restocked units are for sale again. Units can arrive in several parcels: call this for each. When all have arrived, the return ' +
    'is `received`. This refunds nothing; refund with `POST /api/payments/{id}/refund`. Needs an `Idempotency-Key`.',
  access: scope('orders:return'),
  request: { params: ReturnParams, headers: z.object(KeyHeader), body: jsonBody(ReceiveReturnBody) },
  responses: {
    200: json('The return', ReturnResponse),
    ...problems(
      ...BODY_PROBLEMS,
      'idempotency_key_required',
      'idempotency_key_reused',
      'created_and_deleted',
      'return_not_found',
      'return_status_conflict',
      'quantity_exceeds_to_receive',
      'order_not_found',
      'order_changed',
    ),
  },
})

export function addReceiveReturn(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const items = c.req.valid('json').items.map(({ line_id: lineId, ...item }) => ({ lineId, ...item }))
    const request = { returnId: c.req.valid('param').id, items }
    const key = c.req.valid('header')['idempotency-key']
    const result = await receiveReturn(c.get('deps'), c.get('caller'), request, key)
    if (!result.ok) return problem(c, result.failure)
    const { value, replayed } = result.value
    if (replayed) c.header(REPLAYED_HEADER, 'true')
    return c.json({ return: toReturnView(value.order, value.returned) }, 200)
  })
}
