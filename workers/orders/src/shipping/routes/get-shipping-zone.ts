import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { getShippingZone } from '../get-shipping-zone.ts'
import { toZoneView, ZoneId, ZoneResponse } from './zone-view.ts'

const route = createRoute({
  method: 'get',
  path: '/api/shipping/zones/{id}',
  operationId: 'getShippingZone',
  tags: ['Shipping'],
  summary: 'Get a zone of shipping (staff)',
  access: scope('shipping:read'),
  request: { params: z.object({ id: ZoneId }) },
  responses: {
    200: json('The zone', ZoneResponse),
    ...problems('validation_failed', 'shipping_zone_not_found'),
  },
})

export function addGetShippingZone(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const result = await getShippingZone(c.get('deps'), c.get('caller'), c.req.valid('param'))
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ zone: toZoneView(result.value) }, 200)
  })
}
