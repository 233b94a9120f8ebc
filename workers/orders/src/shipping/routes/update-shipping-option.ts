import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { updateShippingOption } from '../update-shipping-option.ts'
import {
  estimate,
  excludedShippingClasses,
  freeFrom,
  maxWeightGrams,
  OptionId,
  optionName,
  pickup,
  prices,
  pricing,
  toOptionChanges,
} from './option-fields.ts'
import { OptionWithMessage, toOptionView } from './option-view.ts'

const UpdateOptionBody = z
  .strictObject({
    name: optionName.optional(),
    estimate: estimate.nullish(),
    pickup: pickup.optional(),
    pricing: pricing.optional(),
    prices: prices.optional(),
    free_from: freeFrom.nullish(),
    max_weight_grams: maxWeightGrams.nullish(),
    excluded_shipping_classes: excludedShippingClasses.nullish(),
  })
  .meta({
    id: 'UpdateShippingOptionRequest',
    description:
      'A merge patch (RFC 7396): omitted fields stay as they are, a list is replaced as a whole, null removes. Another ' +
      '`pricing` needs new `prices`',
  })

const route = createRoute({
  method: 'patch',
  path: '/api/shipping/options/{id}',
  operationId: 'updateShippingOption',
  tags: ['Shipping'],
  summary: 'Change an option of shipping (staff)',
  access: scope('shipping:write'),
  request: {
    params: z.object({ id: OptionId }),
    headers: z.object({ 'if-match': IfMatchHeader }),
    body: jsonBody(UpdateOptionBody),
  },
  responses: {
    200: json('The option as it is now', OptionWithMessage),
    ...problems(...BODY_PROBLEMS, 'shipping_option_not_found', 'invalid_shipping_option', 'version_conflict'),
  },
})

export function addUpdateShippingOption(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const changes = toOptionChanges(c.req.valid('json'))
    const request = { ...c.req.valid('param'), changes, versions: versions.value }
    const result = await updateShippingOption(c.get('deps'), c.get('caller'), request)
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ option: toOptionView(result.value), message: 'Shipping option updated' }, 200)
  })
}
