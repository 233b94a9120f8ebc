import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { listTaxRates } from '../list-tax-rates.ts'
import { CountryFilter } from './tax-country-view.ts'
import { TaxRateView, toTaxRateView } from './tax-rate-view.ts'

const TaxRatePage = z.strictObject({ rates: z.array(TaxRateView), next_cursor: NextCursor }).meta({ id: 'TaxRatePage' })

const route = createRoute({
  method: 'get',
  path: '/api/tax/rates',
  operationId: 'listTaxRates',
  tags: ['Tax'],
  summary: 'List the rates of tax, of all countries or of one, oldest first (staff)',
  access: scope('taxes:read'),
  request: { query: z.object({ country: CountryFilter, limit: LimitParam, cursor: CursorParam }) },
  responses: {
    200: json('A page of rates', TaxRatePage),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

export function addListTaxRates(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const page = await listTaxRates(c.get('deps'), c.get('caller'), c.req.valid('query'))
    if (!page.ok) return problem(c, page.failure)
    return c.json({ rates: page.value.items.map(toTaxRateView), next_cursor: page.value.nextCursor }, 200)
  })
}
