import type { Db } from '@shop/db/client'
import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import pMap from 'p-map'
import {
  BLANK_OPTION,
  decideOption,
  type OptionChanges,
} from '../../workers/orders/src/shipping/domain/decide-option.ts'
import { decideZone, type ZoneChanges } from '../../workers/orders/src/shipping/domain/zone.ts'
import { shippingOptionRepository } from '../../workers/orders/src/shipping/repository/options.ts'
import { zoneRepository } from '../../workers/orders/src/shipping/repository/zones.ts'
import { EU_MEMBERS } from '../../workers/orders/src/tax/domain/eu-members.ts'
import { BLANK_RATE, decideTaxRate } from '../../workers/orders/src/tax/domain/tax-rate.ts'
import { taxCountryRepository } from '../../workers/orders/src/tax/repository/countries.ts'
import { taxRateRepository } from '../../workers/orders/src/tax/repository/rates.ts'
import { succeeded } from './seed-range.ts'
import { DEMO_RATES, DEMO_TAX_COUNTRIES, type DemoRate } from './tax-table.ts'

const CONCURRENCY = 6
const USD = currency('USD')
const EUR = currency('EUR')

type DemoOption = OptionChanges & { name: string }
type DemoZone = Pick<ZoneChanges, 'areas'> & { name: string; options: readonly DemoOption[] }

/** `usd` and `euros`: the same price in both. */
const flat = (usd: number, euros: number): Pick<OptionChanges, 'pricing' | 'prices'> => ({
  pricing: 'flat',
  prices: [
    { currency: USD, amount: usd },
    { currency: EUR, amount: euros },
  ],
})

export const DEMO_ZONES: readonly DemoZone[] = [
  {
    name: 'United States',
    areas: [{ country: 'US' }],
    options: [
      { name: 'Standard', estimate: '3 to 5 days', ...flat(5.9, 5.4), freeFrom: [{ currency: USD, amount: 75 }] },
      { name: 'Express', estimate: '1 to 2 days', ...flat(19, 17.5), excludedShippingClasses: ['bulky'] },
      { name: 'Collect in the shop', isPickup: true, ...flat(0, 0) },
    ],
  },
  {
    name: 'Europe',
    areas: [...EU_MEMBERS, 'CH', 'GB', 'NO'].sort().map((country) => ({ country })),
    options: [
      {
        ...{ name: 'Parcel', estimate: '4 to 8 days', pricing: 'by_weight', maxWeightGrams: 30_000 },
        prices: [
          { currency: EUR, amount: 6.9, fromWeightGrams: 0 },
          { currency: EUR, amount: 14.9, fromWeightGrams: 5_000 },
          { currency: USD, amount: 7.5, fromWeightGrams: 0 },
          { currency: USD, amount: 16, fromWeightGrams: 5_000 },
        ],
      },
    ],
  },
  { name: 'Rest of the world', areas: [], options: [{ name: 'Airmail', estimate: '1 to 3 weeks', ...flat(29, 27) }] },
]

/** Adds zones and options of shipping, rates of tax and settings of countries, unless the shop has zones. */
export async function seedPlaces(db: Db, now: Date): Promise<void> {
  const isOpen = (await zoneRepository(db).list({ after: undefined, limit: 1 })).length > 0
  if (isOpen) return
  await seedTax(db, now)
  for (const zone of DEMO_ZONES) await seedZone(db, zone, { createdAt: now, updatedAt: now, version: 1 })
}

type Made = { createdAt: Date; updatedAt: Date; version: number }

async function seedZone(db: Db, { name, areas, options }: DemoZone, made: Made): Promise<void> {
  const fields = succeeded(decideZone({ name, areas: [] }, { areas }))
  const zoneId = newId('shippingZone')
  succeeded(await zoneRepository(db).insert({ id: zoneId, ...fields, ...made }))
  for (const option of options) {
    const decided = succeeded(decideOption({ ...BLANK_OPTION, name: option.name }, option))
    const id = newId('shippingOption')
    succeeded(await shippingOptionRepository(db).insert({ id, zoneId, ...decided, ...made }))
  }
}

async function seedTax(db: Db, now: Date): Promise<void> {
  const made = { createdAt: now, updatedAt: now, version: 1 }
  const addRate = async ({ country, regions, ...rate }: DemoRate) => {
    const area = { country, regions: [], postalCodes: [] }
    const fields = succeeded(decideTaxRate({ ...BLANK_RATE, ...rate, area }, { regions }))
    succeeded(await taxRateRepository(db).insert({ id: newId('taxRate'), ...fields, ...made }))
  }
  await pMap(DEMO_RATES, addRate, { concurrency: CONCURRENCY })
  await pMap(
    DEMO_TAX_COUNTRIES,
    (settings) => taxCountryRepository(db).put({ ...settings, updatedAt: now }, undefined),
    { concurrency: CONCURRENCY },
  )
}
