import { Country } from '@shop/addresses/country'
import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { postalCodes, regions } from '../../places/routes/area-fields.ts'
import { updateTaxRate } from '../update-tax-rate.ts'
import {
  compound,
  priority,
  rate,
  rateName,
  TaxRateId,
  taxCategory,
  toTaxRateChanges,
  validFrom,
  validTo,
} from './tax-rate-fields.ts'
import { TaxRateWithMessage, toTaxRateView } from './tax-rate-view.ts'

const UpdateTaxRateBody = z
  .strictObject({
    name: rateName.optional(),
    country: Country.optional(),
    regions: regions.nullish(),
    postal_codes: postalCodes.nullish(),
    tax_category: taxCategory.nullish(),
    rate: rate.optional(),
    priority: priority.optional(),
    compound: compound.optional(),
    valid_from: validFrom.nullish(),
    valid_to: validTo.nullish(),
  })
  .meta({
    id: 'UpdateTaxRateRequest',
    description:
      'A merge patch (RFC 7396): omitted fields stay as they are, a list is replaced as a whole, null removes. With another ' +
      '`country`, the regions and postal codes of the one before go',
  })

const route = createRoute({
  method: 'patch',
  path: '/api/tax/rates/{id}',
  operationId: 'updateTaxRate',
  tags: ['Tax'],
  summary: 'Change a rate of tax (staff)',
  description:
    'Orders keep the taxes that they were placed with. For a rate that changes at a date, create another one with `valid_from`.',
  access: scope('taxes:write'),
  request: {
    params: z.object({ id: TaxRateId }),
    headers: z.object({ 'if-match': IfMatchHeader }),
    body: jsonBody(UpdateTaxRateBody),
  },
  responses: {
    200: json('The rate as it is now', TaxRateWithMessage),
    ...problems(...BODY_PROBLEMS, 'tax_rate_not_found', 'invalid_tax_rate', 'version_conflict'),
  },
})

export function addUpdateTaxRate(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const changes = toTaxRateChanges(c.req.valid('json'))
    const request = { ...c.req.valid('param'), changes, versions: versions.value }
    const result = await updateTaxRate(c.get('deps'), c.get('caller'), request)
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ rate: toTaxRateView(result.value), message: 'Tax rate updated' }, 200)
  })
}
