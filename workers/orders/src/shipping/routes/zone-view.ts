import { opaqueId } from '@shop/kernel/ids'
import { Instant, line } from '@shop/kernel/text'
import { z } from 'zod'
import { AreaBody, AreaView, toAreaView } from '../../places/routes/area-fields.ts'
import type { Zone } from '../domain/zone.ts'

export const ZoneId = opaqueId('zone_01jd4k2v9rf0fv8z3x1m5q7w2e')

export const zoneName = line(100).meta({ example: 'California' })

export const areas = z
  .array(AreaBody)
  .max(300)
  .meta({ description: 'The zone has what any of these has. Empty: the rest of the world' })

export const ZoneView = z
  .strictObject({
    id: ZoneId,
    name: z.string().meta({ example: 'California' }),
    areas: z.array(AreaView),
    version: z.int().meta({ description: 'Counts its changes', example: 1 }),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: 'ShippingZone' })
type ZoneView = z.infer<typeof ZoneView>

export const ZoneResponse = z.strictObject({ zone: ZoneView }).meta({ id: 'ShippingZoneResponse' })

/** The answer to a write. */
export const ZoneWithMessage = z
  .strictObject({ zone: ZoneView, message: z.string().meta({ example: 'Shipping zone created' }) })
  .meta({ id: 'ShippingZoneWithMessage' })

export function toZoneView({ id, name, areas, version, createdAt, updatedAt }: Zone): ZoneView {
  const [created_at, updated_at] = [createdAt.toISOString(), updatedAt.toISOString()]
  return { id, name, areas: areas.map(toAreaView), version, created_at, updated_at }
}
