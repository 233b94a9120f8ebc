import { Country } from '@shop/addresses/country'
import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { postalCodes, regions } from '../../places/routes/area-fields.ts'
import { createTaxRate } from '../create-tax-rate.ts'
import {
  compound,
  priority,
  rate,
  rateName,
  taxCategory,
  toTaxRateChanges,
  validFrom,
  validTo,
} from './tax-rate-fields.ts'
import { TaxRateWithMessage, toTaxRateView } from './tax-rate-view.ts'

const CreateTaxRateBody = z
  .strictObject({
    name: rateName,
    country: Country,
    regions: regions.optional(),
    postal_codes: postalCodes.optional(),
    tax_category: taxCategory.optional(),
    rate,
    priority: priority.optional(),
    compound: compound.optional(),
    valid_from: validFrom.optional(),
    valid_to: validTo.optional(),
  })
  .meta({ id: 'CreateTaxRateRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/tax/rates',
  operationId: 'createTaxRate',
  tags: ['Tax'],
  summary: 'Create a rate of tax (staff)',
  description:
    'Of the rates with one priority, the one applies whose area describes the address most closely: by postal code, then by ' +
    'region, then by country. Of those, one of the category of the item, then the one that began last, then the newest. A ' +
    'rate of 0 for a category exempts it.',
  access: scope('taxes:write'),
  request: { headers: z.object(KeyHeader), body: jsonBody(CreateTaxRateBody) },
  responses: {
    201: json('The created rate', TaxRateWithMessage),
    ...problems(...BODY_PROBLEMS, 'invalid_tax_rate', 'idempotency_key_reused', 'created_and_deleted'),
  },
})

export function addCreateTaxRate(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const { name, country, rate, ...body } = c.req.valid('json')
    const result = await createTaxRate(
      c.get('deps'),
      c.get('caller'),
      { ...toTaxRateChanges(body), name, country, rate },
      c.req.valid('header')['idempotency-key'],
    )
    if (!result.ok) return problem(c, result.failure)
    const { value, replayed } = result.value
    versioned(c, value.version)
    if (replayed) c.header(REPLAYED_HEADER, 'true')
    return c.json({ rate: toTaxRateView(value), message: 'Tax rate created' }, 201)
  })
}
