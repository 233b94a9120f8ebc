import type { ShippingZoneNotFound } from '@shop/contracts/orders/place-failures'
import type { Db } from '@shop/db/client'
import { withFreshKey } from '@shop/db/idempotency-keys'
import { shippingOptions, shippingZones } from '@shop/db/schema/orders-places'
import type { KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { isId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { and, asc, eq, gt, type SQL, sql } from 'drizzle-orm'
import { keyedBy } from '../../idempotency/repository.ts'
import type { ShippingOption } from '../domain/option.ts'
import { toOption } from './to-option.ts'

/** `zoneId`: of one zone only. */
type OptionQuery = { zoneId: string | undefined; after: string | undefined; limit: number }

/** Options of zones; each call is one round trip. */
export const shippingOptionRepository = (db: Db) => ({
  async find(id: string): Promise<ShippingOption | undefined> {
    if (!isId('shippingOption', id)) return undefined
    const [row] = await db.select().from(shippingOptions).where(eq(shippingOptions.id, id))
    return row && toOption(row)
  },

  /** By id, so in the order in which they were made; by keyset over the primary key, or over shipping_options_of_zone. */
  async list({ zoneId, after, limit }: OptionQuery): Promise<ShippingOption[]> {
    const where = and(
      zoneId === undefined ? undefined : eq(shippingOptions.zoneId, zoneId),
      after === undefined ? undefined : gt(shippingOptions.id, after),
    )
    const rows = await db.select().from(shippingOptions).where(where).orderBy(asc(shippingOptions.id)).limit(limit)
    return rows.map(toOption)
  },

  /** Adds it if its zone is there: the zone is locked against deletion meanwhile. */
  async insert(
    option: ShippingOption,
    key?: IdempotencyKey,
  ): Promise<Result<ShippingOption, ShippingZoneNotFound | KeyKnown>> {
    const { zoneId } = option
    const keyed = keyedBy(key, sql`created`, option.createdAt)
    return withFreshKey(async () => {
      const { rows } = await db.execute(sql`with created as (${insertion(option)})${keyed} select id from created`)
      return rows.length === 1 ? ok(option) : fail({ code: 'shipping_zone_not_found', zoneId })
    })
  },

  /** @returns false when it is gone, or another writer won since the version before */
  async save(option: ShippingOption): Promise<boolean> {
    const { id, zoneId: _zoneId, createdAt: _createdAt, ...fields } = toRow(option)
    const saved = await db
      .update(shippingOptions)
      .set(fields)
      .where(isUnchanged({ id: option.id, version: option.version - 1 }))
      .returning({ id: shippingOptions.id })
    return saved.length === 1
  },

  /** @returns false when it is gone, or another writer won since it was read */
  async delete(decidedFrom: Pick<ShippingOption, 'id' | 'version'>): Promise<boolean> {
    const deleted = await db
      .delete(shippingOptions)
      .where(isUnchanged(decidedFrom))
      .returning({ id: shippingOptions.id })
    return deleted.length === 1
  },
})

function insertion(option: ShippingOption): SQL {
  const { id, zoneId, name, estimate, isPickup, pricing, maxWeightGrams } = option
  const at = sql`${option.createdAt.toISOString()}::timestamptz`
  return sql`
    insert into ${shippingOptions} (
      id, zone_id, name, estimate, is_pickup, pricing, prices, free_from, max_weight_grams, excluded_shipping_classes,
      created_at, updated_at)
    select ${id}, zone.id, ${name}, ${estimate}, ${isPickup}::boolean, ${pricing}, ${JSON.stringify(option.prices)}::jsonb,
           ${JSON.stringify(option.freeFrom)}::jsonb, ${maxWeightGrams}::int,
           ${sql.param([...option.excludedShippingClasses])}::text[], ${at}, ${at}
    from (select id from ${shippingZones} where id = ${zoneId} for key share) zone
    returning id`
}

const isUnchanged = ({ id, version }: Pick<ShippingOption, 'id' | 'version'>) =>
  and(eq(shippingOptions.id, id), eq(shippingOptions.version, version))

function toRow({ prices, freeFrom, excludedShippingClasses, ...option }: ShippingOption) {
  return {
    ...option,
    prices: [...prices],
    freeFrom: [...freeFrom],
    excludedShippingClasses: [...excludedShippingClasses],
  }
}
