import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { getShippingOption } from '../get-shipping-option.ts'
import { OptionId } from './option-fields.ts'
import { OptionResponse, toOptionView } from './option-view.ts'

const route = createRoute({
  method: 'get',
  path: '/api/shipping/options/{id}',
  operationId: 'getShippingOption',
  tags: ['Shipping'],
  summary: 'Get an option of shipping (staff)',
  access: scope('shipping:read'),
  request: { params: z.object({ id: OptionId }) },
  responses: {
    200: json('The option', OptionResponse),
    ...problems('validation_failed', 'shipping_option_not_found'),
  },
})

export function addGetShippingOption(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const result = await getShippingOption(c.get('deps'), c.get('caller'), c.req.valid('param'))
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ option: toOptionView(result.value) }, 200)
  })
}
