import type { Stage } from '../support/use-platform.ts'
import { at, type Rows, staffOnly } from './row.ts'

/** What staff set up for shipping, tax and promotions, and the reports of sales. */
export function priceRows(stage: Stage): Rows {
  /** Creates something of what staff set up for shipping and tax, and returns its id. */
  async function newPlace(
    path: string,
    member: 'zone' | 'option' | 'rate' | 'exemption',
    body: object,
  ): Promise<string> {
    const { shop, admin } = stage
    const created = await shop.request('POST', path, { token: admin.token, body })
    return created.body[member].id
  }

  const newZone = () => newPlace('/api/shipping/zones', 'zone', { name: 'California' })
  const anOption = { name: 'Standard', pricing: 'flat', prices: [{ currency: 'USD', amount: 4.9 }] }
  const newShippingOption = async () =>
    newPlace('/api/shipping/options', 'option', { ...anOption, zone_id: await newZone() })
  const aRate = { name: 'VAT', country: 'DE', rate: '0.19' }
  const newRate = () => newPlace('/api/tax/rates', 'rate', aRate)
  const anExemption = () => ({ user_id: stage.customer.user.id, country: 'AQ', reason: 'Resale certificate' })

  async function newPromotion(): Promise<string> {
    const { shop, admin } = stage
    const body = { name: 'Sale', type: 'free_shipping', code: crypto.randomUUID() }
    return (await shop.request('POST', '/api/promotions', { token: admin.token, body })).body.promotion.id
  }

  return {
    listShippingZones: { call: at('/api/shipping/zones'), answers: staffOnly(200) },
    getShippingZone: {
      call: async () => ({ path: `/api/shipping/zones/${await newZone()}` }),
      answers: staffOnly(200),
    },
    createShippingZone: { call: at('/api/shipping/zones', { body: { name: 'World' } }), answers: staffOnly(201) },
    updateShippingZone: {
      call: async () => ({ path: `/api/shipping/zones/${await newZone()}`, body: { name: 'World' } }),
      answers: staffOnly(200),
    },
    deleteShippingZone: {
      call: async () => ({ path: `/api/shipping/zones/${await newZone()}` }),
      answers: staffOnly(200),
    },
    listShippingOptions: { call: at('/api/shipping/options'), answers: staffOnly(200) },
    getShippingOption: {
      call: async () => ({ path: `/api/shipping/options/${await newShippingOption()}` }),
      answers: staffOnly(200),
    },
    createShippingOption: {
      call: async () => ({ path: '/api/shipping/options', body: { ...anOption, zone_id: await newZone() } }),
      answers: staffOnly(201),
    },
    updateShippingOption: {
      call: async () => ({ path: `/api/shipping/options/${await newShippingOption()}`, body: { name: 'Express' } }),
      answers: staffOnly(200),
    },
    deleteShippingOption: {
      call: async () => ({ path: `/api/shipping/options/${await newShippingOption()}` }),
      answers: staffOnly(200),
    },
    listTaxRates: { call: at('/api/tax/rates'), answers: staffOnly(200) },
    getTaxRate: { call: async () => ({ path: `/api/tax/rates/${await newRate()}` }), answers: staffOnly(200) },
    createTaxRate: { call: at('/api/tax/rates', { body: aRate }), answers: staffOnly(201) },
    updateTaxRate: {
      call: async () => ({ path: `/api/tax/rates/${await newRate()}`, body: { rate: '0.2' } }),
      answers: staffOnly(200),
    },
    deleteTaxRate: { call: async () => ({ path: `/api/tax/rates/${await newRate()}` }), answers: staffOnly(200) },
    listTaxCountries: { call: at('/api/tax/countries'), answers: staffOnly(200) },
    setTaxCountry: {
      call: at('/api/tax/countries/DE', { body: { prices_include_tax: true } }),
      answers: staffOnly(200),
    },
    deleteTaxCountry: { call: at('/api/tax/countries/AQ'), answers: staffOnly(404) },
    listTaxExemptions: { call: at('/api/tax/exemptions'), answers: staffOnly(200) },
    createTaxExemption: {
      call: async () => ({ path: '/api/tax/exemptions', body: anExemption() }),
      answers: staffOnly(201),
    },
    deleteTaxExemption: {
      call: async () => ({
        path: `/api/tax/exemptions/${await newPlace('/api/tax/exemptions', 'exemption', anExemption())}`,
      }),
      answers: staffOnly(200),
    },
    readSalesReport: {
      call: at('/api/reports/sales?from=2026-11-01&to=2026-12-01&group=day'),
      answers: staffOnly(200),
    },
    exportSalesReport: {
      call: at('/api/reports/sales.csv?from=2026-11-01&to=2026-12-01&group=day'),
      answers: staffOnly(200),
    },
    listPromotions: { call: at('/api/promotions'), answers: staffOnly(200) },
    createPromotion: {
      call: async () => ({
        path: '/api/promotions',
        body: { name: 'Sale', type: 'percentage', value: 10, code: crypto.randomUUID() },
      }),
      answers: staffOnly(201),
    },
    getPromotion: { call: async () => ({ path: `/api/promotions/${await newPromotion()}` }), answers: staffOnly(200) },
    updatePromotion: {
      call: async () => ({ path: `/api/promotions/${await newPromotion()}`, body: { priority: 1 } }),
      answers: staffOnly(200),
    },
    deletePromotion: {
      call: async () => ({ path: `/api/promotions/${await newPromotion()}` }),
      answers: staffOnly(200),
    },
    createPromotionCodes: {
      call: async () => ({ path: `/api/promotions/${await newPromotion()}/codes`, body: { count: 2 } }),
      answers: staffOnly(201),
    },
    listPromotionCodes: {
      call: async () => ({ path: `/api/promotions/${await newPromotion()}/codes` }),
      answers: staffOnly(200),
    },
  }
}
