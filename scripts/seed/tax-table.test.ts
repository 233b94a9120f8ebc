import { describe, expect, it } from 'vitest'
import { BLANK_OPTION, decideOption } from '../../workers/orders/src/shipping/domain/decide-option.ts'
import { decideZone } from '../../workers/orders/src/shipping/domain/zone.ts'
import { BLANK_RATE, decideTaxRate, rateOf } from '../../workers/orders/src/tax/domain/tax-rate.ts'
import { taxesFor } from '../../workers/orders/src/tax/domain/taxes-for.ts'
import { DEMO_ZONES } from './seed-places.ts'
import { DEMO_RATES, DEMO_TAX_COUNTRIES } from './tax-table.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')

/** The rates as they are stored. */
const RATES = DEMO_RATES.map(({ country, regions, ...rate }, index) => {
  const decided = decideTaxRate(
    { ...BLANK_RATE, ...rate, area: { country, regions: [], postalCodes: [] } },
    { regions },
  )
  if (!decided.ok) throw new Error(JSON.stringify(decided.failure))
  return { id: `taxrate_${index}` as const, ...decided.value, createdAt: NOW, updatedAt: NOW, version: 1 }
})

const shownAt = (country: string, region?: string) =>
  taxesFor(RATES, {
    destination: { country, regions: region === undefined ? [] : [region], postalCode: null },
    taxCategory: null,
    at: NOW,
  }).map(({ name, rate }) => `${name} ${rate}`)

describe('the demo shop', () => {
  it('has rates of tax that are valid, one for each place and priority', () => {
    for (const { rate } of DEMO_RATES) expect(rateOf(rate)).toBe(rate)
    const places = DEMO_RATES.map(({ country, regions, priority }) => `${country} ${regions.join()} ${priority}`)
    expect(new Set(places).size).toBe(places.length)
  })

  it.each([
    ['DE', undefined, ['VAT 0.19']],
    ['US', undefined, []],
    ['US', 'NY', ['Sales tax 0.04']],
    ['CA', 'AB', ['GST 0.05']],
    ['CA', 'QC', ['GST 0.05', 'QST 0.09975']],
    ['CA', 'ON', ['HST 0.13']],
    ['ES', 'TF', ['IGIC 0.07']],
    ['ES', 'CE', ['VAT 0']],
    ['BR', undefined, []],
  ])('taxes in %s %s', (country, region, shown) => {
    expect(shownAt(country, region)).toEqual(shown)
  })

  it('shows prices with tax wherever it has VAT or GST, but for Canada', () => {
    const countries = new Set(DEMO_RATES.map(({ country }) => country))
    expect(DEMO_TAX_COUNTRIES.map(({ country }) => country)).toEqual(
      [...countries].filter((country) => !['CA', 'US'].includes(country)),
    )
  })

  it('has zones and options of shipping that are valid', () => {
    for (const { options, ...zone } of DEMO_ZONES) {
      expect(decideZone({ name: zone.name, areas: [] }, zone)).toMatchObject({ ok: true })
      for (const option of options) {
        expect(decideOption({ ...BLANK_OPTION, name: option.name }, option)).toMatchObject({ ok: true })
      }
    }
  })
})
