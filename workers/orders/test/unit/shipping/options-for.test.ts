import { currency } from '@shop/kernel/currencies'
import { MAX_MINOR } from '@shop/kernel/money'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Area } from '../../../src/places/domain/area.ts'
import type { ShippingOption } from '../../../src/shipping/domain/option.ts'
import { needsShipping, optionsFor, type ShippedLine, zoneOf } from '../../../src/shipping/domain/options-for.ts'
import type { Zone } from '../../../src/shipping/domain/zone.ts'
import { NOW } from '../../support/test-deps.ts'

const EUR = currency('EUR')
const USD = currency('USD')

const aZone = (id: string, ...areas: Partial<Area>[]): Zone => ({
  ...{ id: `zone_${id}`, name: id, createdAt: NOW, updatedAt: NOW, version: 1 },
  areas: areas.map((area) => ({ country: 'US', regions: [], postalCodes: [], ...area })),
})

const anOption = (over: Partial<ShippingOption> = {}): ShippingOption => ({
  ...{ id: 'shopt_1', zoneId: 'zone_1', name: 'Standard', estimate: '2 to 4 days', isPickup: false },
  ...{ pricing: 'flat', prices: [{ currency: EUR, amount: 490, from: 0 }], freeFrom: [], maxWeightGrams: null },
  ...{ excludedShippingClasses: [], createdAt: NOW, updatedAt: NOW, version: 1 },
  ...over,
})

const aLine = (over: Partial<ShippedLine> = {}): ShippedLine => ({
  ...{ quantity: 1, isPhysical: true, weightGrams: 500, shippingClass: null },
  ...over,
})

const destination = { country: 'US', regions: ['CA'], postalCode: '90210' }

/** The prices by option of a shop that delivers everywhere. */
function pricesOf(options: ShippingOption[], lines: ShippedLine[] = [aLine()], subtotal = 2_000, code = EUR) {
  const zones = [{ ...aZone('world'), options }]
  return optionsFor(zones, { destination, lines, subtotal, currency: code }).map(({ price }) => price)
}

describe('the zone of an address', () => {
  const world = aZone('a')
  const country = aZone('b', {})
  const region = aZone('c', { regions: ['CA'] })
  const code = aZone('d', { postalCodes: [{ prefix: '902' }] })

  it('is the one that describes it most closely, in whatever order they are read', () => {
    for (const zones of [
      [world, country, region, code],
      [code, region, country, world],
    ]) {
      expect(zoneOf(zones, destination)?.name).toBe('d')
      expect(zoneOf(zones, { ...destination, postalCode: '95000' })?.name).toBe('c')
      expect(zoneOf(zones, { ...destination, regions: ['NV'], postalCode: null })?.name).toBe('b')
      expect(zoneOf(zones, { country: 'DE', regions: [], postalCode: '10117' })?.name).toBe('a')
    }
  })

  it('is the older one of two that describe it alike', () => {
    expect(zoneOf([aZone('f', {}), aZone('e', {})], destination)?.name).toBe('e')
    expect(zoneOf([aZone('e', {}), aZone('f', {})], destination)?.name).toBe('e')
    expect(zoneOf([aZone('h'), aZone('g')], destination)?.name).toBe('g')
  })

  it('counts the closest of its areas', () => {
    const both = aZone('e', {}, { postalCodes: [{ prefix: '9' }] })
    expect(zoneOf([region, both], destination)?.name).toBe('e')
  })

  it('is none where the shop does not deliver', () => {
    expect(zoneOf([country], { country: 'DE', regions: [], postalCode: null })).toBeUndefined()
    expect(zoneOf([], destination)).toBeUndefined()
  })

  it('offers its own options only, none if it has none', () => {
    const zones = [
      { ...country, options: [anOption()] },
      { ...region, options: [] },
    ]
    const parcel = { lines: [aLine()], subtotal: 1, currency: EUR }
    expect(optionsFor(zones, { ...parcel, destination })).toEqual([])
    expect(optionsFor(zones, { ...parcel, destination: { ...destination, regions: ['NV'] } })).toHaveLength(1)
  })
})

describe('an option of shipping', () => {
  it('is offered with what customers read, the cheapest first', () => {
    const pickup = anOption({
      ...{ id: 'shopt_2', name: 'In the shop', isPickup: true, estimate: null },
      prices: [{ currency: EUR, amount: 0, from: 0 }],
    })
    const zones = [{ ...aZone('world'), options: [anOption(), pickup] }]
    expect(optionsFor(zones, { destination, lines: [aLine()], subtotal: 1, currency: EUR })).toEqual([
      { id: 'shopt_2', name: 'In the shop', price: 0, estimate: null, isPickup: true },
      { id: 'shopt_1', name: 'Standard', price: 490, estimate: '2 to 4 days', isPickup: false },
    ])
  })

  it('is before an option of the same price that was made later', () => {
    const ids = (made: string[]) =>
      optionsFor([{ ...aZone('world'), options: made.map((id) => anOption({ id: `shopt_${id}` })) }], {
        ...{ destination, lines: [aLine()], subtotal: 1, currency: EUR },
      }).map(({ id }) => id)
    expect(ids(['2', '1', '3'])).toEqual(['shopt_1', 'shopt_2', 'shopt_3'])
    expect(ids(['1', '2', '3'])).toEqual(['shopt_1', 'shopt_2', 'shopt_3'])
  })

  it('is none where no zone has the address', () => {
    const parcel = { lines: [aLine()], subtotal: 1, currency: EUR }
    expect(optionsFor([], { destination, ...parcel })).toEqual([])
  })

  it('is not offered in a currency that it has no price in', () => {
    expect(pricesOf([anOption()], [aLine()], 2_000, USD)).toEqual([])
  })

  it('is not needed for what is digital, and does not count it', () => {
    const digital = aLine({ isPhysical: false, quantity: 9, weightGrams: 9_000, shippingClass: 'bulky' })
    expect([needsShipping([digital]), needsShipping([digital, aLine()]), needsShipping([])]).toEqual([
      false,
      true,
      false,
    ])
    expect(pricesOf([anOption()], [digital])).toEqual([])
    const strict = { excludedShippingClasses: ['bulky'], maxWeightGrams: 500 }
    expect(pricesOf([anOption({ ...strict, pricing: 'per_item' })], [digital, aLine()])).toEqual([490])
  })

  it('costs its price for each item', () => {
    const lines = [aLine({ quantity: 2 }), aLine({ quantity: 3 })]
    expect(pricesOf([anOption({ pricing: 'per_item' })], lines)).toEqual([5 * 490])
  })

  const bands = [
    { currency: EUR, amount: 490, from: 0 },
    { currency: EUR, amount: 990, from: 2_000 },
    { currency: EUR, amount: 1_990, from: 10_000 },
    { currency: USD, amount: 1, from: 0 },
  ]

  it.each([
    [0, 490],
    [1_999, 490],
    [2_000, 990],
    [9_999, 990],
    [10_000, 1_990],
  ])('by weight, or by subtotal, costs at %i what its band says', (measured, price) => {
    const reversed = bands.toReversed()
    expect(
      pricesOf([anOption({ pricing: 'by_weight', prices: reversed })], [aLine({ weightGrams: measured })]),
    ).toEqual([price])
    expect(pricesOf([anOption({ pricing: 'by_subtotal', prices: reversed })], [aLine()], measured)).toEqual([price])
  })

  it('weighs each unit, and what has no weight as nothing', () => {
    const lines = [aLine({ quantity: 4, weightGrams: 500 }), aLine({ weightGrams: null })]
    expect(pricesOf([anOption({ pricing: 'by_weight', prices: bands })], lines)).toEqual([990])
  })

  it('is not offered below its first band, nor above its weight', () => {
    const prices = [{ currency: EUR, amount: 990, from: 1_000 }]
    expect(pricesOf([anOption({ pricing: 'by_weight', prices })])).toEqual([])
    expect(pricesOf([anOption({ pricing: 'by_weight', prices })], [aLine({ quantity: 2 })])).toEqual([990])
    expect(pricesOf([anOption({ maxWeightGrams: 500 })])).toEqual([490])
    expect(pricesOf([anOption({ maxWeightGrams: 499 })])).toEqual([])
  })

  it('is free from a subtotal in its currency, and still not offered where it is not sold', () => {
    const freeFrom = [
      { currency: EUR, amount: 2_000 },
      { currency: USD, amount: 1 },
    ]
    expect(pricesOf([anOption({ freeFrom })], [aLine()], 1_999)).toEqual([490])
    expect(pricesOf([anOption({ freeFrom })], [aLine()], 2_000)).toEqual([0])
    expect(pricesOf([anOption({ freeFrom })], [aLine()], 2_000, USD)).toEqual([])
  })

  it('is not offered with an item of a class that it excludes', () => {
    const option = anOption({ excludedShippingClasses: ['bulky', 'cold'] })
    expect(pricesOf([option], [aLine(), aLine({ shippingClass: 'cold' })])).toEqual([])
    expect(pricesOf([option], [aLine(), aLine({ shippingClass: 'fragile' })])).toEqual([490])
  })

  it('is not offered for more than an amount can be', () => {
    const prices = [{ currency: EUR, amount: 10 ** 12, from: 0 }]
    expect(pricesOf([anOption({ pricing: 'per_item', prices })], [aLine({ quantity: 999 })])).toEqual([999 * 10 ** 12])
    expect(pricesOf([anOption({ pricing: 'per_item', prices })], [aLine({ quantity: 1_000_000 })])).toEqual([])
    expect(pricesOf([anOption({ prices: [{ currency: EUR, amount: MAX_MINOR, from: 0 }] })])).toEqual([MAX_MINOR])
  })

  it('always costs whole minor units in range, and no less for a heavier parcel if its bands rise', () => {
    const rising = fc
      .array(fc.tuple(fc.nat({ max: 50_000 }), fc.nat({ max: 100_000 })), { minLength: 1, maxLength: 6 })
      .map((rows) => {
        const amounts = rows.map(([, amount]) => amount).sort((one, other) => one - other)
        const starts = [...new Set(rows.map(([from]) => from))].sort((one, other) => one - other)
        return starts.map((from, index) => ({ currency: EUR, amount: amounts[index] ?? 0, from }))
      })
    const weight = fc.nat({ max: 60_000 })
    fc.assert(
      fc.property(rising, weight, weight, fc.integer({ min: 1, max: 1_000 }), (prices, one, other, quantity) => {
        const option = anOption({ pricing: 'by_weight', prices })
        const priceAt = (weightGrams: number) => pricesOf([option], [aLine({ weightGrams, quantity })])[0] ?? -1
        const [light, heavy] = [Math.min(one, other), Math.max(one, other)].map(priceAt)
        expect(Number.isInteger(heavy) && (heavy ?? 0) <= MAX_MINOR).toBe(true)
        expect(light).toBeLessThanOrEqual(heavy ?? 0)
      }),
    )
  })
})
