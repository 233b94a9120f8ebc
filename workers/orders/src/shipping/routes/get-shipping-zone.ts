import { versioned } from '@shop/http/conditional'
import { BEARER, createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { staffOnly } from '@shop/http/staff-only'
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
  security: BEARER,
  middleware: staffOnly,
  request: { params: z.object({ id: ZoneId }) },
  responses: {
    200: json('The zone', ZoneResponse),
    ...problems('validation_failed', 'authentication_required', 'forbidden', 'shipping_zone_not_found'),
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
