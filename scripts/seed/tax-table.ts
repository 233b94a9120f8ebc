import table from 'sales-tax/res/sales_tax_rates.json' with { type: 'json' }
import { EU_MEMBERS } from '../../workers/orders/src/tax/domain/eu-members.ts'
import { DEFAULT_TAX_COUNTRY, type TaxCountryFields } from '../../workers/orders/src/tax/domain/tax-country.ts'

/**
 * The rates of the demo shop: a demonstration, not advice. They are those of the npm package `sales-tax` 2.23.0, published on
 * 2026-07-17. It has one rate for each country and state: no reduced rates, no rates of cities, no thresholds.
 */
export type DemoRate = { name: string; country: string; regions: string[]; rate: string; priority: number }

/** As the package has it: the rate of a state is added to that of its country, and may be below 0. */
type Entry = { type: string; rate: number; states?: Record<string, { type: string; rate: number }> }

const COUNTRIES = [...EU_MEMBERS, 'AU', 'CA', 'CH', 'GB', 'JP', 'NO', 'NZ', 'US'].sort()
/** Where prices are shown without tax. */
const WITHOUT_TAX = new Set(['CA', 'US'])

export const DEMO_RATES: readonly DemoRate[] = COUNTRIES.flatMap((country) => ratesOf(country, entryOf(country)))

export const DEMO_TAX_COUNTRIES: readonly (TaxCountryFields & { country: string })[] = COUNTRIES.filter(
  (country) => !WITHOUT_TAX.has(country),
).map((country) => ({
  ...DEFAULT_TAX_COUNTRY,
  country,
  pricesIncludeTax: true,
  allowsReverseCharge: EU_MEMBERS.has(country),
}))

function entryOf(country: string): Entry {
  const entry = (table as Partial<Record<string, Entry>>)[country]
  if (entry === undefined) throw new Error(`sales-tax has no rate of ${country}`)
  return entry
}

/** Canada's harmonized tax, and the special territories of Spain, have one rate instead of their country's. */
function ratesOf(country: string, { type, rate, states = {} }: Entry): DemoRate[] {
  const own = rate === 0 ? [] : [{ name: nameOf(type), country, regions: [], rate: textOf(rate), priority: 1 }]
  const ofStates = Object.entries(states).map(([region, state]) => {
    const isInstead = state.type === 'hst' || state.rate < 0
    const [total, priority] = isInstead ? [rate + state.rate, 1] : [state.rate, rate === 0 ? 1 : 2]
    return {
      name: country === 'US' ? 'Sales tax' : nameOf(state.type),
      country,
      regions: [region],
      rate: textOf(total),
      priority,
    }
  })
  return [...own, ...ofStates]
}

function nameOf(type: string): string {
  return type.toUpperCase()
}

/** Sums of decimal fractions are not exact, and a rate has at most six digits. */
function textOf(rate: number): string {
  return String(Math.round(rate * 1_000_000) / 1_000_000)
}
