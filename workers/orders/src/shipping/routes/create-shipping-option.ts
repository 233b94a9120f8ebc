import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { createShippingOption } from '../create-shipping-option.ts'
import {
  estimate,
  excludedShippingClasses,
  freeFrom,
  maxWeightGrams,
  optionName,
  pickup,
  prices,
  pricing,
  toOptionChanges,
} from './option-fields.ts'
import { OptionWithMessage, toOptionView } from './option-view.ts'
import { ZoneId } from './zone-view.ts'

const CreateOptionBody = z
  .strictObject({
    zone_id: ZoneId,
    name: optionName,
    estimate: estimate.optional(),
    pickup: pickup.optional(),
    pricing,
    prices,
    free_from: freeFrom.optional(),
    max_weight_grams: maxWeightGrams.optional(),
    excluded_shipping_classes: excludedShippingClasses.optional(),
  })
  .meta({ id: 'CreateShippingOptionRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/shipping/options',
  operationId: 'createShippingOption',
  tags: ['Shipping'],
  summary: 'Create an option of shipping to a zone (staff)',
  access: scope('shipping:write'),
  request: { headers: z.object(KeyHeader), body: jsonBody(CreateOptionBody) },
  responses: {
    201: json('The created option', OptionWithMessage),
    ...problems(
      ...BODY_PROBLEMS,
      'shipping_zone_not_found',
      'invalid_shipping_option',
      'idempotency_key_reused',
      'created_and_deleted',
    ),
  },
})

export function addCreateShippingOption(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const { zone_id: zoneId, name, ...body } = c.req.valid('json')
    const result = await createShippingOption(
      c.get('deps'),
      c.get('caller'),
      { ...toOptionChanges(body), zoneId, name },
      c.req.valid('header')['idempotency-key'],
    )
    if (!result.ok) return problem(c, result.failure)
    const { value, replayed } = result.value
    versioned(c, value.version)
    if (replayed) c.header(REPLAYED_HEADER, 'true')
    return c.json({ option: toOptionView(value), message: 'Shipping option created' }, 201)
  })
}
