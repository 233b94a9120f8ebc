import { rowFromJson } from '@shop/db/json-row'
import { shippingOptions, shippingZones } from '@shop/db/schema/orders-places'
import { statement } from '@shop/db/statement'
import { sql } from 'drizzle-orm'
import type { ZoneWithOptions } from '../domain/options-for.ts'
import type { Zone, ZoneId } from '../domain/zone.ts'
import { toOption } from './to-option.ts'

/** A shop has few zones, so no index serves it. */
const zonesFor = statement<{ country: string }>(
  () => sql`
    select to_jsonb(zone) as zone, (
      select coalesce(jsonb_agg(to_jsonb(option) order by option.id), '[]')
      from ${shippingOptions} option where option.zone_id = zone.id) as options
    from ${shippingZones} zone
    where zone.areas @> jsonb_build_array(jsonb_build_object('country', ${sql.placeholder('country')}::text))
       or zone.areas = '[]'`,
)

type Json = Record<string, unknown>
export type ZoneWithOptionsRow = { zone: Json; options: Json[] }

/**
 * Reads the zones that a destination in a country may be in, those with an area of it and the rest of the world, with
 * their options: the statement and what reads its rows, for a batch that reads more.
 */
export const zonesStatement = {
  of: (country: string) => zonesFor({ country }),
  resultOf: (rows: readonly ZoneWithOptionsRow[]): ZoneWithOptions[] =>
    rows.map(({ zone, options }) => ({
      ...toZone(rowFromJson(shippingZones, zone)),
      options: options.map((option) => toOption(rowFromJson(shippingOptions, option))),
    })),
}

/** Only a {@link ZoneId} is ever written as an id. */
export function toZone({ id, ...row }: typeof shippingZones.$inferSelect): Zone {
  return { id: id as ZoneId, ...row }
}
