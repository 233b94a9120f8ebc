import { ORDER_ID_EXAMPLE } from '@shop/contracts/orders/access'
import { scope } from '@shop/http/access'
import { createRoute, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { opaqueId } from '@shop/kernel/ids'
import { filterText } from '@shop/kernel/text'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { SHIPMENT_ID_EXAMPLE } from '../../fulfillment/routes/shipment-view.ts'
import { printPackingSlip } from '../print-packing-slip.ts'
import { PDF_RESPONSE, pdf } from './pdf.ts'

const SlipQuery = z.object({
  shipment_id: filterText(100).meta({
    type: 'string',
    description:
      'One shipment of the order. Default: all units of the order, except those refunded before they shipped',
    example: SHIPMENT_ID_EXAMPLE,
  }),
})

const route = createRoute({
  method: 'get',
  path: '/api/orders/{id}/packing-slip.pdf',
  operationId: 'printPackingSlip',
  tags: ['Fulfillment'],
  summary: 'Read a packing slip as PDF: the items of a shipment or an order, without prices (staff)',
  access: scope('orders:fulfill'),
  request: { params: z.object({ id: opaqueId(ORDER_ID_EXAMPLE) }), query: SlipQuery },
  responses: { 200: PDF_RESPONSE, ...problems('order_not_found', 'shipment_not_found') },
})

export function addPrintPackingSlip(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const target = { orderId: c.req.valid('param').id, shipmentId: c.req.valid('query').shipment_id }
    const printed = await printPackingSlip(c.get('deps'), c.get('caller'), target)
    return printed.ok ? pdf(c, printed.value) : problem(c, printed.failure)
  })
}
