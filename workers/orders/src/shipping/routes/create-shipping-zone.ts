import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { toAreaDraft } from '../../places/routes/area-fields.ts'
import { createShippingZone } from '../create-shipping-zone.ts'
import { areas, toZoneView, ZoneWithMessage, zoneName } from './zone-view.ts'

const CreateZoneBody = z
  .strictObject({ name: zoneName, areas: areas.optional() })
  .meta({ id: 'CreateShippingZoneRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/shipping/zones',
  operationId: 'createShippingZone',
  tags: ['Shipping'],
  summary: 'Create a zone of shipping (staff)',
  description:
    'An address is in the zone that describes it most closely: by postal code, then by region, then by country, then as the ' +
    'rest of the world. Of two that describe it alike, it is in the one that was made first.',
  access: scope('shipping:write'),
  request: { headers: z.object(KeyHeader), body: jsonBody(CreateZoneBody) },
  responses: {
    201: json('The created zone', ZoneWithMessage),
    ...problems(...BODY_PROBLEMS, 'invalid_shipping_zone', 'idempotency_key_reused', 'created_and_deleted'),
  },
})

export function addCreateShippingZone(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const { name, areas } = c.req.valid('json')
    const result = await createShippingZone(
      c.get('deps'),
      c.get('caller'),
      { name, areas: areas?.map(toAreaDraft) },
      c.req.valid('header')['idempotency-key'],
    )
    if (!result.ok) return problem(c, result.failure)
    const { value, replayed } = result.value
    versioned(c, value.version)
    if (replayed) c.header(REPLAYED_HEADER, 'true')
    return c.json({ zone: toZoneView(value), message: 'Shipping zone created' }, 201)
  })
}
