import type { KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../../src/deps.ts'
import type { PricingRules, RulesQuery } from '../../src/pricing/domain/purchase.ts'
import type { ShippingOption } from '../../src/shipping/domain/option.ts'
import type { Zone } from '../../src/shipping/domain/zone.ts'
import { DEFAULT_TAX_COUNTRY, type TaxCountry } from '../../src/tax/domain/tax-country.ts'
import type { TaxExemption } from '../../src/tax/domain/tax-exemption.ts'
import type { TaxRate } from '../../src/tax/domain/tax-rate.ts'
import type { MemoryKeys } from './memory-keys.ts'

type Places = Pick<OrdersDeps, 'shippingZones' | 'shippingOptions' | 'taxRates' | 'taxCountries' | 'taxExemptions'>
type Versioned = { id: string; version: number }
type PageOf = { after: string | undefined; limit: number }

/**
 * Zones, options and rates in memory: what the routes need, and the rules that they make for prices.
 */
export function memoryPlaces(keys: MemoryKeys) {
  /** Runs a creation as its statement would: a known key refuses it. */
  const keyed = <T extends { id: string }, F>(
    key: IdempotencyKey | undefined,
    created: Result<T, F>,
  ): Result<T, F | KeyKnown> => {
    if (!created.ok) return created
    if (keys.isKnown(key)) return fail({ code: 'idempotency_key_known' })
    keys.remember(key, created.value.id)
    return created
  }
  const zones = memoryRows<Zone>()
  const options = memoryRows<ShippingOption>()
  const rates = memoryRows<TaxRate>()
  const exemptions = memoryRows<TaxExemption & { version: number }>()
  const countries = new Map<string, TaxCountry>()
  const rulesFor = ({
    country,
    userId,
  }: Pick<RulesQuery, 'country' | 'userId'>): Pick<PricingRules, 'zones' | 'tax'> => ({
    zones: zones.all().map((zone) => ({ ...zone, options: options.all().filter(({ zoneId }) => zoneId === zone.id) })),
    tax: {
      rates: rates.all().filter(({ area }) => area.country === country),
      country: countries.get(country ?? '') ?? DEFAULT_TAX_COUNTRY,
      isExempt: exemptions.all().some((exemption) => exemption.userId === userId),
    },
  })
  const places: Places = {
    shippingZones: {
      ...zones.crud,
      insert: async (zone, key) => zones.added(keyed(key, ok(zone))),
      delete: async (zone) => {
        const isDeleted = await zones.crud.delete(zone)
        if (isDeleted) for (const option of options.all()) if (option.zoneId === zone.id) options.rows.delete(option.id)
        return isDeleted
      },
    },
    shippingOptions: {
      ...options.crud,
      list: async ({ zoneId, ...page }) =>
        options.page(page).filter((option) => zoneId === undefined || option.zoneId === zoneId),
      insert: async (option, key) => {
        const { zoneId } = option
        if (!zones.rows.has(zoneId)) return fail({ code: 'shipping_zone_not_found', zoneId })
        return options.added(keyed(key, ok(option)))
      },
    },
    taxRates: {
      ...rates.crud,
      list: async ({ country, ...page }) =>
        rates.page(page).filter(({ area }) => country === undefined || area.country === country),
      insert: async (rate, key) => rates.added(keyed(key, ok(rate))),
    },
    taxCountries: memoryCountries(countries),
    taxExemptions: {
      find: exemptions.crud.find,
      list: async ({ userId, ...page }) =>
        exemptions.page(page).filter((exemption) => userId === undefined || exemption.userId === userId),
      insert: async (exemption, key) => exemptions.added(keyed(key, ok({ ...exemption, version: 1 }))),
      delete: async (id) => exemptions.rows.delete(id),
    },
  }
  return { places, rulesFor }
}

function memoryRows<R extends Versioned>() {
  const rows = new Map<string, R>()
  const all = () => [...rows.values()].sort((one, other) => (one.id < other.id ? -1 : 1))
  const page = ({ after = '', limit }: PageOf) =>
    all()
      .filter(({ id }) => id > after)
      .slice(0, limit)
  const isVersion = ({ id, version }: Versioned) => rows.get(id)?.version === version
  return {
    rows,
    all,
    page,
    added: <F>(created: Result<R, F>): Result<R, F> => {
      if (created.ok) rows.set(created.value.id, created.value)
      return created
    },
    crud: {
      find: async (id: string) => rows.get(id),
      list: async (query: PageOf) => page(query),
      save: async (row: R) => {
        const isSaved = isVersion({ id: row.id, version: row.version - 1 })
        if (isSaved) rows.set(row.id, row)
        return isSaved
      },
      delete: async (row: Versioned) => isVersion(row) && rows.delete(row.id),
    },
  }
}

const memoryCountries = (countries: Map<string, TaxCountry>): Places['taxCountries'] => ({
  find: async (country) => countries.get(country),
  list: async ({ after = '', limit }) =>
    [...countries.values()]
      .sort((one, other) => (one.country < other.country ? -1 : 1))
      .filter(({ country }) => country > after)
      .slice(0, limit),
  put: async (settings, versions) => {
    const version = countries.get(settings.country)?.version
    if (versions !== undefined && (version === undefined || !versions.includes(version))) return undefined
    const saved = { ...settings, version: (version ?? 0) + 1 }
    countries.set(settings.country, saved)
    return saved
  },
  delete: async ({ country, version }) => countries.get(country)?.version === version && countries.delete(country),
})
