import type { taxRates } from '@shop/db/schema/orders-places'
import type { TaxRate, TaxRateId } from '../domain/tax-rate.ts'

/** Only a {@link TaxRateId} is ever written as an id. */
export function toTaxRate({ id, country, regions, postalCodes, ...row }: typeof taxRates.$inferSelect): TaxRate {
  return { id: id as TaxRateId, area: { country, regions, postalCodes }, ...row }
}
