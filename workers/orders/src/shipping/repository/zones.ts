import type { Db } from '@shop/db/client'
import { withFreshKey } from '@shop/db/idempotency-keys'
import { shippingZones } from '@shop/db/schema/orders-places'
import type { KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { isId } from '@shop/kernel/ids'
import { ok, type Result } from '@shop/kernel/result'
import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { keyedBy } from '../../idempotency/repository.ts'
import type { Zone } from '../domain/zone.ts'
import { toZone } from './zones-for.ts'

/** Zones; each call is one round trip. */
export const zoneRepository = (db: Db) => ({
  async find(id: string): Promise<Zone | undefined> {
    if (!isId('shippingZone', id)) return undefined
    const [row] = await db.select().from(shippingZones).where(eq(shippingZones.id, id))
    return row && toZone(row)
  },

  /** By id, so in the order in which they were made; by keyset over the primary key. */
  async list({ after, limit }: { after: string | undefined; limit: number }): Promise<Zone[]> {
    const where = after === undefined ? undefined : gt(shippingZones.id, after)
    const rows = await db.select().from(shippingZones).where(where).orderBy(asc(shippingZones.id)).limit(limit)
    return rows.map(toZone)
  },

  async insert(zone: Zone, key?: IdempotencyKey): Promise<Result<Zone, KeyKnown>> {
    const row = db.insert(shippingZones).values(toRow(zone)).returning({ id: shippingZones.id })
    const keyed = keyedBy(key, sql`created`, zone.createdAt)
    return withFreshKey(async () => {
      await db.execute(sql`with created as ${row}${keyed} select id from created`)
      return ok(zone)
    })
  },

  /** @returns false when it is gone, or another writer won since the version before */
  async save({ id, ...zone }: Zone): Promise<boolean> {
    const { createdAt: _, ...fields } = toRow({ id, ...zone })
    const saved = await db
      .update(shippingZones)
      .set(fields)
      .where(isUnchanged({ id, version: zone.version - 1 }))
      .returning({ id: shippingZones.id })
    return saved.length === 1
  },

  /** Deletes its options, too. @returns false when it is gone, or another writer won since it was read */
  async delete(decidedFrom: Pick<Zone, 'id' | 'version'>): Promise<boolean> {
    const deleted = await db.delete(shippingZones).where(isUnchanged(decidedFrom)).returning({ id: shippingZones.id })
    return deleted.length === 1
  },
})

const isUnchanged = ({ id, version }: Pick<Zone, 'id' | 'version'>) =>
  and(eq(shippingZones.id, id), eq(shippingZones.version, version))

function toRow({ areas, ...zone }: Zone) {
  const copied = areas.map(({ country, regions, postalCodes }) => ({
    country,
    regions: [...regions],
    postalCodes: [...postalCodes],
  }))
  return { ...zone, areas: copied }
}
