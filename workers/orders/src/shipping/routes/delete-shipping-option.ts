import { scope } from '@shop/http/access'
import { expectedVersions } from '@shop/http/conditional'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { deleteShippingOption } from '../delete-shipping-option.ts'
import { OptionId } from './option-fields.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/shipping/options/{id}',
  operationId: 'deleteShippingOption',
  tags: ['Shipping'],
  summary: 'Delete an option of shipping (staff)',
  access: scope('shipping:write'),
  request: { params: z.object({ id: OptionId }), headers: z.object({ 'if-match': IfMatchHeader }) },
  responses: {
    200: json('The option was deleted', MessageResponse),
    ...problems('validation_failed', 'shipping_option_not_found', 'version_conflict'),
  },
})

export function addDeleteShippingOption(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const request = { ...c.req.valid('param'), versions: versions.value }
    const result = await deleteShippingOption(c.get('deps'), c.get('caller'), request)
    return result.ok ? c.json({ message: 'Shipping option deleted' }, 200) : problem(c, result.failure)
  })
}
