import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { filterText } from '@shop/kernel/text'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { listTaxExemptions } from '../list-tax-exemptions.ts'
import { TaxExemptionView, toTaxExemptionView } from './tax-exemption-view.ts'

const TaxExemptionPage = z
  .strictObject({ exemptions: z.array(TaxExemptionView), next_cursor: NextCursor })
  .meta({ id: 'TaxExemptionPage' })

const route = createRoute({
  method: 'get',
  path: '/api/tax/exemptions',
  operationId: 'listTaxExemptions',
  tags: ['Tax'],
  summary: 'List the accounts that pay no tax, or the exemptions of one, oldest first (staff)',
  access: scope('taxes:read'),
  request: {
    query: z.object({
      user_id: filterText(100).meta({ description: 'Of this account only' }),
      limit: LimitParam,
      cursor: CursorParam,
    }),
  },
  responses: {
    200: json('A page of exemptions', TaxExemptionPage),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

export function addListTaxExemptions(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const { user_id: userId, ...query } = c.req.valid('query')
    const page = await listTaxExemptions(c.get('deps'), c.get('caller'), { userId, ...query })
    if (!page.ok) return problem(c, page.failure)
    return c.json({ exemptions: page.value.items.map(toTaxExemptionView), next_cursor: page.value.nextCursor }, 200)
  })
}
