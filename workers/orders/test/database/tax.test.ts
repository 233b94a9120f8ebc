import { taxCountries, taxRates } from '@shop/db/schema/orders-places'
import { newId } from '@shop/http/ids'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import type { UserId } from '@shop/kernel/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ordersRepositories } from '../../src/deps.ts'
import type { TaxRate } from '../../src/tax/domain/tax-rate.ts'
import { anExemption, aRate, later } from '../support/places.ts'
import { NOW } from '../support/test-deps.ts'

let database: ServiceDatabase
beforeAll(async () => {
  database = await startDatabase()
})
afterAll(() => database.stop())

const places = () => ordersRepositories(database.as('orders'))

/** What a sale is taxed by, as an order reads it. */
async function taxFor({ at, ...sale }: { country: string; userId: UserId | null; at: Date }) {
  return (await places().rules.find({ codes: [], customerKey: null, now: at, ...sale })).tax
}

async function withRate(over: Partial<TaxRate> = {}) {
  const rate = aRate(over)
  expect(await places().taxRates.insert(rate)).toEqual({ ok: true, value: rate })
  return rate
}

describe('what is written is read again', () => {
  it.each(['0', '1', '0.19', '0.000001', '9.999999'])('as a tax rate of %s', async (text) => {
    const rate = await withRate({ rate: text })
    expect(await places().taxRates.find(rate.id)).toEqual(rate)
    const none = { validFrom: null, validTo: null, taxCategory: 'books', isCompound: false }
    const changed = { ...rate, ...none, area: { country: 'DE', regions: [], postalCodes: [] }, version: 2 }
    expect(await places().taxRates.save(changed)).toBe(true)
    expect(await places().taxRates.find(rate.id)).toEqual(changed)
  })

  it('as the tax settings of a country', async () => {
    const settings = { country: 'NL', pricesIncludeTax: true, taxedAt: 'origin', allowsReverseCharge: true } as const
    expect(await places().taxCountries.put({ ...settings, updatedAt: NOW }, [1])).toBeUndefined()
    expect(await places().taxCountries.put({ ...settings, updatedAt: NOW }, undefined)).toMatchObject({ version: 1 })
    const stored = { ...settings, updatedAt: NOW, version: 1 }
    expect(await places().taxCountries.find('NL')).toEqual(stored)
    const changed = { ...settings, pricesIncludeTax: false, updatedAt: later(1) }
    expect(await places().taxCountries.put(changed, [2])).toBeUndefined()
    expect(await places().taxCountries.put(changed, [7, 1])).toEqual({ ...changed, version: 2 })
    expect(await places().taxCountries.delete(stored)).toBe(false)
    expect(await places().taxCountries.delete({ ...stored, version: 2 })).toBe(true)
    expect(await places().taxCountries.find('NL')).toBeUndefined()
  })

  it('as an exemption', async () => {
    const exemption = anExemption({ country: 'US', validFrom: NOW, validTo: later(1) })
    expect(await places().taxExemptions.insert(exemption)).toEqual({ ok: true, value: exemption })
    expect(await places().taxExemptions.find(exemption.id)).toEqual(exemption)
    expect(await places().taxExemptions.list({ userId: exemption.userId, after: undefined, limit: 9 })).toEqual([
      exemption,
    ])
    expect(await places().taxExemptions.delete(exemption.id)).toBe(true)
    expect(await places().taxExemptions.delete(exemption.id)).toBe(false)
  })

  it('in one round trip each', async () => {
    database.resetCounts()
    await withRate()
    await taxFor({ country: 'US', userId: null, at: NOW })
    expect(database.counts().roundTrips).toBe(2)
  })

  it.each(['', 'x', 'taxrate_x', '\u0000'])('and is nothing for the id %j', async (id) => {
    const { taxRates: rates, taxExemptions: exemptions } = places()
    expect([await rates.find(id), await exemptions.find(id)]).toEqual([undefined, undefined])
    expect(await exemptions.delete(id)).toBe(false)
  })

  it('as a list in the order of ids, page by page, of one country', async () => {
    const inPortugal = { country: 'PT', regions: [], postalCodes: [] }
    const rates = [await withRate({ area: inPortugal }), await withRate({ area: inPortugal })]
    const [first, second] = rates.toSorted((one, other) => (one.id < other.id ? -1 : 1))
    expect(await places().taxRates.list({ country: 'PT', after: undefined, limit: 1 })).toEqual([first])
    expect(await places().taxRates.list({ country: 'PT', after: first?.id, limit: 5 })).toEqual([second])
  })
})

describe('of two writers', () => {
  it('one changes or deletes a version', async () => {
    const rate = await withRate()
    const { taxRates: rates } = places()
    const race = [rates.save({ ...rate, version: 2 }), rates.save({ ...rate, version: 2 }), rates.delete(rate)]
    expect((await Promise.all(race)).filter(Boolean)).toHaveLength(1)
  })

  it('one sets a country for the first time, and the other changes that', async () => {
    const put = (pricesIncludeTax: boolean) =>
      places().taxCountries.put(
        { country: 'SE', pricesIncludeTax, taxedAt: 'destination', allowsReverseCharge: false, updatedAt: NOW },
        undefined,
      )
    const versions = (await Promise.all([put(true), put(false)])).map((saved) => saved?.version)
    expect(versions.toSorted()).toEqual([1, 2])
  })

  it('with one key one creates', async () => {
    const key: IdempotencyKey = { scope: 'user_1:createTaxRate', key: 'key-1', requestHash: 'hash' }
    const results = await Promise.all([1, 2, 3, 4].map(() => places().taxRates.insert(aRate({ name: 'once' }), key)))
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    const known = { ok: false, failure: { code: 'idempotency_key_known' } }
    expect(results.filter(({ ok }) => !ok)).toEqual([known, known, known])
    const stored = await places().creationKeys.find(key)
    const db = database.as('orders')
    const rows = await db.select({ id: taxRates.id }).from(taxRates).where(eq(taxRates.name, 'once'))
    expect(rows).toEqual([{ id: stored?.subject }])
  })
})

describe('what decides about the tax of a sale', () => {
  it('are the rates of the country that have not ended, and its settings, or the defaults', async () => {
    const inNorway = { country: 'NO', regions: [], postalCodes: [{ prefix: '9' }] }
    const current = await withRate({ area: inNorway, validTo: later(1) })
    const coming = await withRate({ area: inNorway, validFrom: later(60), validTo: null })
    await withRate({ area: inNorway, validTo: later(0), validFrom: null })
    const sale = { country: 'NO', userId: null, at: NOW }
    const first = await taxFor(sale)
    expect(first.rates.toSorted((one, other) => (one.id < other.id ? -1 : 1))).toEqual(
      [current, coming].toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    )
    const defaults = { pricesIncludeTax: false, taxedAt: 'destination', allowsReverseCharge: false }
    expect(first).toMatchObject({ country: defaults, isExempt: false })
    const settings = { pricesIncludeTax: true, taxedAt: 'origin', allowsReverseCharge: true } as const
    await places().taxCountries.put({ country: 'NO', ...settings, updatedAt: NOW }, undefined)
    expect((await taxFor(sale)).country).toEqual(settings)
    expect(await taxFor({ ...sale, country: 'XX' })).toEqual({
      rates: [],
      country: defaults,
      isExempt: false,
    })
  })

  it.each([
    [{}, true],
    [{ country: 'US' }, true],
    [{ country: 'CA' }, false],
    [{ validFrom: NOW, validTo: later(1) }, true],
    [{ validFrom: later(1) }, false],
    [{ validTo: NOW }, false],
  ])('are the exemptions of the buyer, there and then: %j', async (over, isExempt) => {
    const exemption = anExemption(over)
    await places().taxExemptions.insert(exemption)
    const { userId } = exemption
    expect((await taxFor({ country: 'US', userId, at: NOW })).isExempt).toBe(isExempt)
    expect((await taxFor({ country: 'US', userId: newId('user'), at: NOW })).isExempt).toBe(false)
    expect((await taxFor({ country: 'US', userId: null, at: NOW })).isExempt).toBe(false)
  })
})

describe('the tables refuse what the domain never writes', () => {
  const violates = (constraint: string) => ({ cause: { code: '23514', constraint } })

  it.each([
    ['tax_rates_rate', { rate: '-0.1' }],
    ['tax_rates_rate', { rate: '10' }],
    ['tax_rates_rate', { rate: '0.1234567' }],
    ['tax_rates_priority', { priority: 0 }],
    ['tax_rates_validity', { validFrom: NOW, validTo: NOW }],
    ['tax_rates_name', { name: '' }],
    ['tax_rates_country', { area: { country: 'de', regions: [], postalCodes: [] } }],
  ])('of a tax rate: %s %j', async (constraint, over) => {
    await expect(places().taxRates.insert(aRate(over))).rejects.toMatchObject(violates(constraint))
  })

  it('of a country', async () => {
    const settings = { pricesIncludeTax: true, taxedAt: 'destination', allowsReverseCharge: false } as const
    const insert = database.as('orders').insert(taxCountries)
    await expect(insert.values({ country: 'Germany', ...settings, updatedAt: NOW })).rejects.toMatchObject(
      violates('tax_countries_country'),
    )
  })

  it('of an exemption', async () => {
    await expect(places().taxExemptions.insert(anExemption({ reason: '' }))).rejects.toMatchObject(
      violates('tax_exemptions_reason'),
    )
  })
})
