import { Country } from '@shop/addresses/country'
import { scope } from '@shop/http/access'
import { expectedVersions } from '@shop/http/conditional'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { deleteTaxCountry } from '../delete-tax-country.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/tax/countries/{country}',
  operationId: 'deleteTaxCountry',
  tags: ['Tax'],
  summary: 'Remove the settings of a country, so that it has the defaults (staff)',
  access: scope('taxes:write'),
  request: { params: z.object({ country: Country }), headers: z.object({ 'if-match': IfMatchHeader }) },
  responses: {
    200: json('The settings were removed', MessageResponse),
    ...problems('validation_failed', 'tax_country_not_found', 'version_conflict'),
  },
})

export function addDeleteTaxCountry(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const request = { ...c.req.valid('param'), versions: versions.value }
    const result = await deleteTaxCountry(c.get('deps'), c.get('caller'), request)
    return result.ok ? c.json({ message: 'Tax settings removed' }, 200) : problem(c, result.failure)
  })
}
