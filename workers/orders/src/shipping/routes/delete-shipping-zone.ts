import { scope } from '@shop/http/access'
import { expectedVersions } from '@shop/http/conditional'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { deleteShippingZone } from '../delete-shipping-zone.ts'
import { ZoneId } from './zone-view.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/shipping/zones/{id}',
  operationId: 'deleteShippingZone',
  tags: ['Shipping'],
  summary: 'Delete a zone of shipping with its options (staff)',
  access: scope('shipping:write'),
  request: { params: z.object({ id: ZoneId }), headers: z.object({ 'if-match': IfMatchHeader }) },
  responses: {
    200: json('The zone was deleted', MessageResponse),
    ...problems('validation_failed', 'shipping_zone_not_found', 'version_conflict'),
  },
})

export function addDeleteShippingZone(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const request = { ...c.req.valid('param'), versions: versions.value }
    const result = await deleteShippingZone(c.get('deps'), c.get('caller'), request)
    return result.ok ? c.json({ message: 'Shipping zone deleted' }, 200) : problem(c, result.failure)
  })
}
