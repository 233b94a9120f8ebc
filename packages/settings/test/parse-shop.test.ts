import { parseShop } from '@shop/settings/parse-shop'
import { describe, expect, it } from 'vitest'

const file = {
  legal_name: 'Beispiel GmbH',
  address: {
    line1: 'Hauptstraße 1',
    line2: null,
    city: 'Berlin',
    region: null,
    postal_code: '10115',
    country: 'DE',
  },
  vat_id: 'DE123456789',
  default_currency: 'EUR',
  currencies: ['EUR', 'CHF'],
  locales: ['de', 'en-GB'],
  time_zone: 'Europe/Berlin',
  country: 'DE',
  invoice_prefix: 'RE-2026-',
  credit_note_prefix: 'GS-',
}

const fieldsOf = (shop: unknown) => {
  const parsed = parseShop(shop)
  return parsed.ok ? [] : parsed.failure.errors.map(({ field }) => field)
}

describe('the settings of a shop', () => {
  it('are read from its file', () => {
    expect(parseShop(file)).toEqual({
      ok: true,
      value: {
        legalName: 'Beispiel GmbH',
        address: {
          line1: 'Hauptstraße 1',
          line2: null,
          city: 'Berlin',
          region: null,
          postalCode: '10115',
          country: 'DE',
        },
        vatId: 'DE123456789',
        defaultCurrency: 'EUR',
        currencies: ['EUR', 'CHF'],
        locales: ['de', 'en-GB'],
        timeZone: 'Europe/Berlin',
        country: 'DE',
        invoicePrefix: 'RE-2026-',
        creditNotePrefix: 'GS-',
      },
    })
  })

  it.each([
    ['invoice_prefix', { invoice_prefix: 'RE-2026' }],
    ['credit_note_prefix', { credit_note_prefix: 'RE-2026-' }],
    ['currencies.1', { currencies: ['EUR', 'EUX'] }],
    ['currencies', { currencies: ['EUR', 'eur'] }],
    ['default_currency', { default_currency: 'USD' }],
    ['default_currency', { default_currency: 'euro' }],
    ['locales', { locales: [] }],
    ['locales', { locales: ['de', 'de'] }],
    ['locales.0', { locales: ['xx'] }],
    ['locales.0', { locales: ['de_DE'] }],
    ['locales.0', { locales: ['de-XX'] }],
    ['locales.0', { locales: ['und'] }],
    ['locales.1', { locales: ['de', 'en-us'] }],
    ['locales.0', { locales: ['klingon!'] }],
    ['time_zone', { time_zone: 'Europe/Bonn' }],
    ['time_zone', { time_zone: '+01:00' }],
    ['time_zone', { time_zone: '' }],
    ['country', { country: 'XX' }],
    ['country', { country: 'UK' }],
    ['country', { country: 'EU' }],
    ['country', { country: 'de' }],
    ['address.country', { address: { ...file.address, country: 'Germany' } }],
    ['address.line1', { address: { ...file.address, line1: ' ' } }],
    ['address.city', { address: { ...file.address, city: '' } }],
    ['vat_id', { vat_id: 'x' }],
    ['legal_name', { legal_name: '' }],
    ['legal_name', { legal_name: undefined }],
    ['shop', { colour: 'red' }],
  ])('are refused for their %s in %j', (field, over) => {
    expect(fieldsOf({ ...file, ...over })).toEqual([field])
  })

  it('are refused for all their faults at once', () => {
    expect(fieldsOf({ ...file, time_zone: 'x', country: 'x', locales: ['x'] })).toEqual([
      'locales.0',
      'time_zone',
      'country',
    ])
    expect(fieldsOf([])).toEqual(['shop'])
  })

  it('say how a locale is written', () => {
    expect(parseShop({ ...file, locales: ['en-us'] })).toMatchObject({
      failure: { errors: [{ message: 'must be written en-US' }] },
    })
  })
})
