import { scope } from '@shop/http/access'
import { expectedVersions } from '@shop/http/conditional'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { deleteTaxRate } from '../delete-tax-rate.ts'
import { TaxRateId } from './tax-rate-fields.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/tax/rates/{id}',
  operationId: 'deleteTaxRate',
  tags: ['Tax'],
  summary: 'Delete a rate of tax (staff)',
  access: scope('taxes:write'),
  request: { params: z.object({ id: TaxRateId }), headers: z.object({ 'if-match': IfMatchHeader }) },
  responses: {
    200: json('The rate was deleted', MessageResponse),
    ...problems('validation_failed', 'tax_rate_not_found', 'version_conflict'),
  },
})

export function addDeleteTaxRate(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const request = { ...c.req.valid('param'), versions: versions.value }
    const result = await deleteTaxRate(c.get('deps'), c.get('caller'), request)
    return result.ok ? c.json({ message: 'Tax rate deleted' }, 200) : problem(c, result.failure)
  })
}
