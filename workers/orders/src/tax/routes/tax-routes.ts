import type { OrdersApp } from '../../deps.ts'
import { addCreateTaxExemption } from './create-tax-exemption.ts'
import { addCreateTaxRate } from './create-tax-rate.ts'
import { addDeleteTaxCountry } from './delete-tax-country.ts'
import { addDeleteTaxExemption } from './delete-tax-exemption.ts'
import { addDeleteTaxRate } from './delete-tax-rate.ts'
import { addGetTaxRate } from './get-tax-rate.ts'
import { addListTaxCountries } from './list-tax-countries.ts'
import { addListTaxExemptions } from './list-tax-exemptions.ts'
import { addListTaxRates } from './list-tax-rates.ts'
import { addSetTaxCountry } from './set-tax-country.ts'
import { addUpdateTaxRate } from './update-tax-rate.ts'

export function addTaxRoutes(app: OrdersApp): void {
  addListTaxRates(app)
  addCreateTaxRate(app)
  addGetTaxRate(app)
  addUpdateTaxRate(app)
  addDeleteTaxRate(app)
  addListTaxCountries(app)
  addSetTaxCountry(app)
  addDeleteTaxCountry(app)
  addListTaxExemptions(app)
  addCreateTaxExemption(app)
  addDeleteTaxExemption(app)
}
