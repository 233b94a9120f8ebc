import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { filterText } from '@shop/kernel/text'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { listShippingOptions } from '../list-shipping-options.ts'
import { OptionView, toOptionView } from './option-view.ts'

const OptionPage = z
  .strictObject({ options: z.array(OptionView), next_cursor: NextCursor })
  .meta({ id: 'ShippingOptionPage' })

const route = createRoute({
  method: 'get',
  path: '/api/shipping/options',
  operationId: 'listShippingOptions',
  tags: ['Shipping'],
  summary: 'List the options of shipping, of all zones or of one, oldest first (staff)',
  access: scope('shipping:read'),
  request: {
    query: z.object({
      zone_id: filterText(100).meta({ description: 'Options of this zone only' }),
      limit: LimitParam,
      cursor: CursorParam,
    }),
  },
  responses: {
    200: json('A page of options', OptionPage),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

export function addListShippingOptions(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const { zone_id: zoneId, ...query } = c.req.valid('query')
    const page = await listShippingOptions(c.get('deps'), c.get('caller'), { zoneId, ...query })
    if (!page.ok) return problem(c, page.failure)
    return c.json({ options: page.value.items.map(toOptionView), next_cursor: page.value.nextCursor }, 200)
  })
}
