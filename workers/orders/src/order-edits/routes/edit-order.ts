import { StructuredAddress } from '@shop/addresses/structured-address'
import { ORDER_ID_EXAMPLE } from '@shop/contracts/orders/access'
import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { opaqueId } from '@shop/kernel/ids'
import { text } from '@shop/kernel/text'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { LINE_ID_EXAMPLE } from '../../fulfillment/routes/shipment-view.ts'
import { ShippingAddressBody } from '../../orders/routes/shipping-address.ts'
import { editOrder } from '../edit-order.ts'
import { EditItemBody, toEditItem } from './edit-item.ts'
import { EditedOrderView, toEditedOrderView } from './edited-order-view.ts'

const MAX_ITEMS = 100

const EditOrderBody = z
  .strictObject({
    items: z
      .array(EditItemBody)
      .max(MAX_ITEMS)
      .refine(namesLinesOnce, 'must name each line once')
      .optional()
      .meta({
        description: `Lines with their new quantities, and variants to add. Example of a line: ${LINE_ID_EXAMPLE}`,
      }),
    shipping_address: ShippingAddressBody.optional(),
    billing_address: StructuredAddress.nullable().optional(),
    note: text(1, 2_000).nullable().optional().meta({ description: 'For the shop', example: 'Please ring twice' }),
    preview: z.boolean().default(false).meta({ description: 'Returns the result of the edit without saving it' }),
  })
  .meta({ id: 'EditOrderRequest', description: 'Omitted fields stay as they are' })

function namesLinesOnce(items: z.infer<typeof EditItemBody>[]): boolean {
  const lines = items.flatMap((item) => ('line_id' in item ? [item.line_id] : []))
  return new Set(lines).size === lines.length
}

const route = createRoute({
  method: 'post',
  path: '/api/orders/{id}/edits',
  operationId: 'editOrder',
  tags: ['Orders'],
  summary: 'Edit an order before it ships (staff)',
  description:
    'Adds and removes items, and changes quantities, addresses and the note. Added units become a separate line at the ' +
    'current price, without promotions. If the new total is higher, the customer pays `amount_due` through `POST /api/payments`. If ' +
    'more was paid than the new total, the difference is refunded at once. Needs an `Idempotency-Key`, unless it is a preview.',
  access: scope('orders:write'),
  request: {
    params: z.object({ id: opaqueId(ORDER_ID_EXAMPLE) }),
    headers: z.object({ ...KeyHeader, 'if-match': IfMatchHeader }),
    body: jsonBody(EditOrderBody),
  },
  responses: {
    200: json('The order after the edit; for a preview, not saved', EditedOrderView),
    ...problems(
      ...BODY_PROBLEMS,
      'idempotency_key_required',
      'idempotency_key_reused',
      'created_and_deleted',
      'order_not_found',
      'version_conflict',
      'order_not_editable',
      'order_line_not_found',
      'line_quantity_too_low',
      'product_not_found',
      'variant_not_found',
      'variant_required',
      'item_not_sold_in_currency',
      'mixed_currencies',
      'max_per_order_exceeded',
      'out_of_stock',
      'hold_conflict',
      'order_total_too_large',
      'amount_not_chargeable',
      'order_changed',
    ),
  },
})

export function addEditOrder(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const caller = c.get('caller')
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const { items = [], shipping_address, billing_address, note, preview } = c.req.valid('json')
    const edited = await editOrder(c.get('deps'), caller, {
      orderId: c.req.valid('param').id,
      wanted: {
        items: items.map(toEditItem),
        shippingAddress: shipping_address,
        billingAddress: billing_address,
        note,
      },
      isPreview: preview,
      versions: versions.value,
      idempotencyKey: c.req.valid('header')['idempotency-key'],
    })
    if (!edited.ok) return problem(c, edited.failure)
    const { value, replayed } = edited.value
    if (replayed) c.header(REPLAYED_HEADER, 'true')
    if (!preview) versioned(c, value.order.version)
    return c.json(toEditedOrderView(value, caller), 200)
  })
}
