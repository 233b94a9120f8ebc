import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { listShippingZones } from '../list-shipping-zones.ts'
import { toZoneView, ZoneView } from './zone-view.ts'

const ZonePage = z.strictObject({ zones: z.array(ZoneView), next_cursor: NextCursor }).meta({ id: 'ShippingZonePage' })

const route = createRoute({
  method: 'get',
  path: '/api/shipping/zones',
  operationId: 'listShippingZones',
  tags: ['Shipping'],
  summary: 'List the zones of shipping, oldest first (staff)',
  access: scope('shipping:read'),
  request: { query: z.object({ limit: LimitParam, cursor: CursorParam }) },
  responses: {
    200: json('A page of zones', ZonePage),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

export function addListShippingZones(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const page = await listShippingZones(c.get('deps'), c.get('caller'), c.req.valid('query'))
    if (!page.ok) return problem(c, page.failure)
    return c.json({ zones: page.value.items.map(toZoneView), next_cursor: page.value.nextCursor }, 200)
  })
}
