import { scope } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { Quantity, VariantId } from '../../orders/routes/order-item.ts'
import { OrderView, toOrderView } from '../../orders/routes/order-view.ts'
import { exchangeReturn } from '../exchange-return.ts'
import { ReturnParams } from './return-request.ts'
import { ReturnView, toReturnView } from './return-view.ts'

const ExchangeReturnBody = z
  .strictObject({
    items: z
      .array(z.strictObject({ variant_id: VariantId, quantity: Quantity }))
      .min(1)
      .max(100)
      .meta({ example: [{ variant_id: 7, quantity: 1 }] }),
  })
  .meta({ id: 'ExchangeReturnRequest' })

const ExchangeResponse = z
  .strictObject({
    return: ReturnView,
    order: OrderView.meta({ description: 'The new order, linked by `exchange_of`' }),
  })
  .meta({ id: 'ExchangeResponse' })

const route = createRoute({
  method: 'post',
  path: '/api/returns/{id}/exchange',
  operationId: 'exchangeReturn',
  tags: ['Returns'],
  summary: 'Exchange the received units of a return for other items (staff)',
  description:
    'Places an order for the same customer at current prices, without promotions and without a shipping charge. The amount paid for ' +
    'all units that were received and not refunded is used as payment for it. If the new order costs more, the difference is its ' +
    '`amount_due`; if it costs less, the difference is refunded. A return can be exchanged once. Needs an `Idempotency-Key`.',
  access: scope('orders:return'),
  request: { params: ReturnParams, headers: z.object(KeyHeader), body: jsonBody(ExchangeReturnBody) },
  responses: {
    201: json('The return and the new order', ExchangeResponse),
    ...problems(
      ...BODY_PROBLEMS,
      'idempotency_key_required',
      'idempotency_key_reused',
      'created_and_deleted',
      'return_not_found',
      'return_exchanged',
      'nothing_to_refund',
      'order_erased',
      'variant_not_found',
      'out_of_stock',
      'hold_conflict',
      'item_not_sold_in_currency',
      'order_total_too_large',
      'amount_not_chargeable',
      'max_per_order_exceeded',
      'address_incomplete',
      'invalid_vat_id',
      'order_changed',
    ),
  },
})

export function addExchangeReturn(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const caller = c.get('caller')
    const items = c.req.valid('json').items.map(({ variant_id: variantId, quantity }) => ({ variantId, quantity }))
    const request = { returnId: c.req.valid('param').id, items }
    const result = await exchangeReturn(c.get('deps'), caller, request, c.req.valid('header')['idempotency-key'])
    if (!result.ok) return problem(c, result.failure)
    const { value, replayed } = result.value
    if (replayed) c.header(REPLAYED_HEADER, 'true')
    const { order, returned, exchange } = value
    return c.json({ return: toReturnView(order, returned), order: toOrderView(exchange, caller) }, 201)
  })
}
