import { Country } from '@shop/addresses/country'
import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { DEFAULT_TAX_COUNTRY } from '../domain/tax-country.ts'
import { setTaxCountry } from '../set-tax-country.ts'
import { pricesIncludeTax, reverseCharge, TaxCountryView, taxedAt, toTaxCountryView } from './tax-country-view.ts'

const SetTaxCountryBody = z
  .strictObject({
    prices_include_tax: pricesIncludeTax,
    taxed_at: taxedAt.optional(),
    reverse_charge: reverseCharge.optional(),
  })
  .meta({ id: 'SetTaxCountryRequest', description: 'All settings of the country; omitted ones get their default' })

const TaxCountryWithMessage = z
  .strictObject({ tax_country: TaxCountryView, message: z.string().meta({ example: 'Tax settings saved' }) })
  .meta({ id: 'TaxCountryWithMessage' })

const route = createRoute({
  method: 'put',
  path: '/api/tax/countries/{country}',
  operationId: 'setTaxCountry',
  tags: ['Tax'],
  summary: 'Set how tax applies in a country (staff)',
  access: scope('taxes:write'),
  request: {
    params: z.object({ country: Country }),
    headers: z.object({ 'if-match': IfMatchHeader }),
    body: jsonBody(SetTaxCountryBody),
  },
  responses: {
    200: json('The settings as they are now', TaxCountryWithMessage),
    ...problems(...BODY_PROBLEMS, 'version_conflict'),
  },
})

export function addSetTaxCountry(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const body = c.req.valid('json')
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const fields = {
      pricesIncludeTax: body.prices_include_tax,
      taxedAt: body.taxed_at ?? DEFAULT_TAX_COUNTRY.taxedAt,
      allowsReverseCharge: body.reverse_charge ?? DEFAULT_TAX_COUNTRY.allowsReverseCharge,
    }
    const request = { ...c.req.valid('param'), fields, versions: versions.value }
    const result = await setTaxCountry(c.get('deps'), c.get('caller'), request)
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ tax_country: toTaxCountryView(result.value), message: 'Tax settings saved' }, 200)
  })
}
