import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { getTaxRate } from '../get-tax-rate.ts'
import { TaxRateId } from './tax-rate-fields.ts'
import { TaxRateResponse, toTaxRateView } from './tax-rate-view.ts'

const route = createRoute({
  method: 'get',
  path: '/api/tax/rates/{id}',
  operationId: 'getTaxRate',
  tags: ['Tax'],
  summary: 'Get a rate of tax (staff)',
  access: scope('taxes:read'),
  request: { params: z.object({ id: TaxRateId }) },
  responses: {
    200: json('The rate', TaxRateResponse),
    ...problems('validation_failed', 'tax_rate_not_found'),
  },
})

export function addGetTaxRate(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const result = await getTaxRate(c.get('deps'), c.get('caller'), c.req.valid('param'))
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ rate: toTaxRateView(result.value) }, 200)
  })
}
