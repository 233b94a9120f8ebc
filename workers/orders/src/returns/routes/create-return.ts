import { ownerOr } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { opaqueId } from '@shop/kernel/ids'
import { line, text } from '@shop/kernel/text'
import { z } from 'zod'
import { accessOf, ORDER_REQUEST } from '../../access/routes/order-request.ts'
import type { OrdersApp } from '../../deps.ts'
import { LINE_ID_EXAMPLE } from '../../fulfillment/routes/shipment-view.ts'
import { Quantity } from '../../orders/routes/order-item.ts'
import { createReturn } from '../create-return.ts'
import { ReturnResponse, toReturnView } from './return-view.ts'

const CreateReturnBody = z
  .strictObject({
    items: z
      .array(
        z.strictObject({
          line_id: opaqueId(LINE_ID_EXAMPLE).meta({ description: '`id` of an item of the order' }),
          quantity: Quantity,
          reason: line(50).meta({
            description:
              'One of the shop’s return reasons. By default: `wrong_size`, `damaged`, `not_as_described`, `unwanted`, `other`',
            example: 'wrong_size',
          }),
        }),
      )
      .min(1)
      .max(500)
      .refine((items) => new Set(items.map((item) => item.line_id)).size === items.length, {
        message: 'must not name a line twice',
      }),
    note: text(1, 2_000).nullable().optional().meta({
      description: 'For the shop. Whoever may see the order can read it',
      example: 'The sleeves are too long',
    }),
  })
  .meta({ id: 'CreateReturnRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/orders/{id}/returns',
  operationId: 'createReturn',
  tags: ['Returns'],
  summary: 'Request a return of items of one of your orders',
  description:
    'For shipped units, within the shop’s return window. Staff then approve or refuse the return. A return that staff create has ' +
    'no time limit and is approved at once. Needs an `Idempotency-Key`.',
  access: ownerOr(['orders:return'], 'order_token'),
  request: {
    params: ORDER_REQUEST.params,
    headers: ORDER_REQUEST.headers.extend(KeyHeader),
    body: jsonBody(CreateReturnBody),
  },
  responses: {
    201: json('The return', ReturnResponse),
    ...problems(
      ...BODY_PROBLEMS,
      'idempotency_key_required',
      'idempotency_key_reused',
      'created_and_deleted',
      'order_not_found',
      'order_line_not_found',
      'quantity_exceeds_returnable',
      'return_window_over',
      'return_reason_unknown',
      'order_changed',
      'forbidden',
    ),
  },
})

export function addCreateReturn(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const { items, note = null } = c.req.valid('json')
    const headers = c.req.valid('header')
    const access = accessOf(c.get('caller'), c.req.valid('param'), headers)
    const draft = { note, items: items.map(({ line_id: lineId, ...item }) => ({ lineId, ...item })) }
    const result = await createReturn(c.get('deps'), access, draft, headers['idempotency-key'])
    if (!result.ok) return problem(c, result.failure)
    const { value, replayed } = result.value
    if (replayed) c.header(REPLAYED_HEADER, 'true')
    return c.json({ return: toReturnView(value.order, value.returned) }, 201)
  })
}
