import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import type { ShippingOption } from '../../src/shipping/domain/option.ts'
import type { Zone } from '../../src/shipping/domain/zone.ts'
import type { TaxExemption } from '../../src/tax/domain/tax-exemption.ts'
import type { TaxRate } from '../../src/tax/domain/tax-rate.ts'
import { NOW } from './test-deps.ts'

export const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000)

const made = { createdAt: NOW, updatedAt: NOW, version: 1 }

export const aZone = (over: Partial<Zone> = {}): Zone => ({
  ...{ id: newId('shippingZone'), name: 'California', ...made },
  areas: [{ country: 'US', regions: ['CA'], postalCodes: [{ prefix: '902' }, { from: '90001', to: '90299' }] }],
  ...over,
})

export const anOption = (zoneId: Zone['id'], over: Partial<ShippingOption> = {}): ShippingOption => ({
  ...{ id: newId('shippingOption'), zoneId, name: 'Standard', estimate: '2 to 4 days', isPickup: false, ...made },
  ...{ pricing: 'by_weight', prices: [{ currency: currency('USD'), amount: 490, from: 2_000 }] },
  ...{ freeFrom: [{ currency: currency('USD'), amount: 5_000 }], maxWeightGrams: 30_000 },
  excludedShippingClasses: ['bul"ky', 'c,old'],
  ...over,
})

export const aRate = (over: Partial<TaxRate> = {}): TaxRate => ({
  ...{ id: newId('taxRate'), name: 'QST', taxCategory: null, rate: '0.09975', priority: 2, isCompound: true },
  ...{ validFrom: NOW, validTo: later(60), ...made },
  area: { country: 'CA', regions: ['QC'], postalCodes: [{ prefix: 'H' }] },
  ...over,
})

export const anExemption = (over: Partial<TaxExemption> = {}): TaxExemption => ({
  ...{ id: newId('taxExemption'), userId: newId('user'), country: null, reason: 'Certificate 1', createdAt: NOW },
  ...{ validFrom: null, validTo: null, ...over },
})
