import { scope } from '@shop/http/access'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { deleteTaxExemption } from '../delete-tax-exemption.ts'
import { TaxExemptionId } from './tax-exemption-view.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/tax/exemptions/{id}',
  operationId: 'deleteTaxExemption',
  tags: ['Tax'],
  summary: 'Withdraw an exemption from tax (staff)',
  access: scope('taxes:write'),
  request: { params: z.object({ id: TaxExemptionId }) },
  responses: {
    200: json('The exemption was withdrawn', MessageResponse),
    ...problems('validation_failed', 'tax_exemption_not_found'),
  },
})

export function addDeleteTaxExemption(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const result = await deleteTaxExemption(c.get('deps'), c.get('caller'), c.req.valid('param'))
    return result.ok ? c.json({ message: 'Tax exemption withdrawn' }, 200) : problem(c, result.failure)
  })
}
