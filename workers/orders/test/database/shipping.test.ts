import { currency } from '@shop/kernel/currencies'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ordersRepositories } from '../../src/deps.ts'
import type { ShippingOption } from '../../src/shipping/domain/option.ts'
import type { Zone } from '../../src/shipping/domain/zone.ts'
import { anOption, aZone, later } from '../support/places.ts'
import { NOW } from '../support/test-deps.ts'

let database: ServiceDatabase
beforeAll(async () => {
  database = await startDatabase()
})
afterAll(() => database.stop())

const places = () => ordersRepositories(database.as('orders'))
const zonesFor = async (country: string) =>
  (await places().rules.find({ codes: [], customerKey: null, userId: null, now: NOW, country })).zones

async function withZone(over: Partial<Zone> = {}) {
  const zone = aZone(over)
  expect(await places().shippingZones.insert(zone)).toEqual({ ok: true, value: zone })
  return zone
}

async function withOption(zone: Zone, over: Partial<ShippingOption> = {}) {
  const option = anOption(zone.id, over)
  expect(await places().shippingOptions.insert(option)).toEqual({ ok: true, value: option })
  return option
}

describe('what is written is read again', () => {
  it('as a zone', async () => {
    const zone = await withZone()
    expect(await places().shippingZones.find(zone.id)).toEqual(zone)
    const changed = { ...zone, name: 'World', areas: [], updatedAt: later(1), version: 2 }
    expect(await places().shippingZones.save(changed)).toBe(true)
    expect(await places().shippingZones.find(zone.id)).toEqual(changed)
  })

  it('as an option', async () => {
    const option = await withOption(await withZone())
    expect(await places().shippingOptions.find(option.id)).toEqual(option)
    const flat = { pricing: 'flat', prices: [{ currency: currency('EUR'), amount: 0, from: 0 }], freeFrom: [] } as const
    const none = { estimate: null, maxWeightGrams: null, excludedShippingClasses: [], isPickup: true }
    const changed = { ...option, ...flat, ...none, updatedAt: later(1), version: 2 }
    expect(await places().shippingOptions.save(changed)).toBe(true)
    expect(await places().shippingOptions.find(option.id)).toEqual(changed)
  })

  it('in one round trip each', async () => {
    const zone = await withZone()
    database.resetCounts()
    await withOption(zone)
    await places().shippingZones.find(zone.id)
    await zonesFor('US')
    expect(database.counts().roundTrips).toBe(3)
  })

  it.each(['', 'x', 'zone_x', '\u0000'])('and is nothing for the id %j', async (id) => {
    expect(await places().shippingZones.find(id)).toBeUndefined()
    expect(await places().shippingOptions.find(id)).toBeUndefined()
  })
})

describe('of two writers', () => {
  it('one changes or deletes a version', async () => {
    const zone = await withZone()
    const option = await withOption(await withZone())
    const { shippingZones: zones, shippingOptions: options } = places()
    const races = [
      [zones.save({ ...zone, version: 2 }), zones.save({ ...zone, version: 2 }), zones.delete(zone)],
      [options.save({ ...option, version: 2 }), options.save({ ...option, version: 2 }), options.delete(option)],
    ]
    for (const race of races) expect((await Promise.all(race)).filter(Boolean)).toHaveLength(1)
  })

  it('with one key one creates', async () => {
    const key = { scope: 'user_1:createShippingZone', key: 'key-1', requestHash: 'hash' }
    const results = await Promise.all([1, 2, 3, 4].map(() => places().shippingZones.insert(aZone(), key)))
    const [created, ...others] = results.filter(({ ok }) => ok)
    expect(others).toEqual([])
    const known = { ok: false, failure: { code: 'idempotency_key_known' } }
    expect(results.filter(({ ok }) => !ok)).toEqual([known, known, known])
    expect(await places().creationKeys.find(key)).toEqual({
      requestHash: 'hash',
      subject: created?.ok ? created.value.id : undefined,
    })
  })

  it('an option of a zone that is deleted meanwhile is added before that, or not at all', async () => {
    for (let round = 0; round < 10; round += 1) {
      const zone = await withZone()
      const option = anOption(zone.id)
      const key = { scope: 'user_1:createShippingOption', key: option.id, requestHash: 'hash' }
      const [added] = await Promise.all([
        places().shippingOptions.insert(option, key),
        places().shippingZones.delete(zone),
      ])
      expect(await places().shippingOptions.find(option.id)).toBeUndefined()
      const stored = await places().creationKeys.find(key)
      expect(stored?.subject).toBe(added.ok ? option.id : undefined)
    }
  })
})

describe('a list', () => {
  it('is in the order of ids, page by page, of one zone or of all', async () => {
    const zone = await withZone()
    const options = [await withOption(zone), await withOption(zone), await withOption(zone)]
    await withOption(await withZone())
    const ids = options.map(({ id }) => id).toSorted()
    const page = async (after: string | undefined) =>
      (await places().shippingOptions.list({ zoneId: zone.id, after, limit: 2 })).map(({ id }) => id)
    expect(await page(undefined)).toEqual(ids.slice(0, 2))
    expect(await page(ids[1])).toEqual(ids.slice(2))
    const zones = (await places().shippingZones.list({ after: undefined, limit: 100 })).map(({ id }) => id)
    expect(zones).toEqual(zones.toSorted())
  })
})

describe('what decides about a parcel', () => {
  it('are the zones with an area of the country and those of the rest of the world, with their options', async () => {
    const area = { regions: [], postalCodes: [] }
    const isle = await withZone({
      areas: [
        { country: 'FR', ...area },
        { country: 'IS', ...area },
      ],
    })
    const world = await withZone({ areas: [] })
    const option = await withOption(isle)
    const found = await zonesFor('IS')
    expect(found).toContainEqual({ ...isle, options: [option] })
    expect(found).toContainEqual({ ...world, options: [] })
    expect(found.some(({ areas }) => areas.length > 0 && !areas.some(({ country }) => country === 'IS'))).toBe(false)
  })
})

describe('the tables refuse what the domain never writes', () => {
  const violates = (constraint: string) => ({ cause: { code: '23514', constraint } })

  it.each<[string, Partial<ShippingOption>]>([
    ['shipping_options_prices', { prices: [] }],
    ['shipping_options_max_weight', { maxWeightGrams: 0 }],
    ['shipping_options_name', { name: '' }],
  ])('of an option: %s %j', async (constraint, over) => {
    const { id } = await withZone()
    await expect(places().shippingOptions.insert(anOption(id, over))).rejects.toMatchObject(violates(constraint))
  })

  it('of a zone without a name', async () => {
    await expect(places().shippingZones.insert(aZone({ name: '' }))).rejects.toMatchObject(
      violates('shipping_zones_name'),
    )
  })
})
