import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { toAreaDraft } from '../../places/routes/area-fields.ts'
import { updateShippingZone } from '../update-shipping-zone.ts'
import { areas, toZoneView, ZoneId, ZoneWithMessage, zoneName } from './zone-view.ts'

const UpdateZoneBody = z.strictObject({ name: zoneName.optional(), areas: areas.nullish() }).meta({
  id: 'UpdateShippingZoneRequest',
  description:
    'A merge patch (RFC 7396): omitted fields stay as they are, a list is replaced as a whole, null empties it',
})

const route = createRoute({
  method: 'patch',
  path: '/api/shipping/zones/{id}',
  operationId: 'updateShippingZone',
  tags: ['Shipping'],
  summary: 'Change a zone of shipping (staff)',
  access: scope('shipping:write'),
  request: {
    params: z.object({ id: ZoneId }),
    headers: z.object({ 'if-match': IfMatchHeader }),
    body: jsonBody(UpdateZoneBody),
  },
  responses: {
    200: json('The zone as it is now', ZoneWithMessage),
    ...problems(...BODY_PROBLEMS, 'shipping_zone_not_found', 'invalid_shipping_zone', 'version_conflict'),
  },
})

export function addUpdateShippingZone(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const { name, areas } = c.req.valid('json')
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const changes = { name, areas: areas === null ? null : areas?.map(toAreaDraft) }
    const request = { ...c.req.valid('param'), changes, versions: versions.value }
    const result = await updateShippingZone(c.get('deps'), c.get('caller'), request)
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ zone: toZoneView(result.value), message: 'Shipping zone updated' }, 200)
  })
}
