import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CursorParam, limitParam, NextCursor } from '@shop/kernel/pagination'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { listTaxCountries, MAX_COUNTRIES } from '../list-tax-countries.ts'
import { TaxCountryView, toTaxCountryView } from './tax-country-view.ts'

const TaxCountryPage = z
  .strictObject({ tax_countries: z.array(TaxCountryView), next_cursor: NextCursor })
  .meta({ id: 'TaxCountryPage' })

const route = createRoute({
  method: 'get',
  path: '/api/tax/countries',
  operationId: 'listTaxCountries',
  tags: ['Tax'],
  summary: 'List the countries with settings of tax, by code (staff)',
  description:
    'In every other country prices do not include tax, the address of delivery counts, and no charge is reversed.',
  access: scope('taxes:read'),
  request: { query: z.object({ limit: limitParam(MAX_COUNTRIES, MAX_COUNTRIES), cursor: CursorParam }) },
  responses: {
    200: json('All of them, unless the limit is lower', TaxCountryPage),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

export function addListTaxCountries(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const page = await listTaxCountries(c.get('deps'), c.get('caller'), c.req.valid('query'))
    if (!page.ok) return problem(c, page.failure)
    return c.json({ tax_countries: page.value.items.map(toTaxCountryView), next_cursor: page.value.nextCursor }, 200)
  })
}
