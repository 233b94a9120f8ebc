import { Country } from '@shop/addresses/country'
import { scope } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { isId, type UserId } from '@shop/kernel/ids'
import { line } from '@shop/kernel/text'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { createTaxExemption } from '../create-tax-exemption.ts'
import { ExemptUserId, TaxExemptionView, toTaxExemptionView } from './tax-exemption-view.ts'
import { validFrom, validTo } from './tax-rate-fields.ts'

const UserIdBody = ExemptUserId.pipe(
  z.custom<UserId>((id) => typeof id === 'string' && isId('user', id), { message: 'must be the id of an account' }),
)

const CreateTaxExemptionBody = z
  .strictObject({
    user_id: UserIdBody.meta({ type: 'string', description: 'The account that pays no tax' }),
    country: Country.optional().meta({ description: 'Where; everywhere without one' }),
    reason: line(200).meta({ description: 'By what it was accepted', example: 'Resale certificate 4711' }),
    valid_from: validFrom.optional(),
    valid_to: validTo.optional(),
  })
  .refine(({ valid_from: from, valid_to: to }) => from === undefined || to === undefined || from < to, {
    path: ['valid_to'],
    message: 'must be after valid_from',
  })
  .meta({ id: 'CreateTaxExemptionRequest' })

const TaxExemptionWithMessage = z
  .strictObject({ exemption: TaxExemptionView, message: z.string().meta({ example: 'Tax exemption created' }) })
  .meta({ id: 'TaxExemptionWithMessage' })

const route = createRoute({
  method: 'post',
  path: '/api/tax/exemptions',
  operationId: 'createTaxExemption',
  tags: ['Tax'],
  summary: 'Exempt an account from tax (staff)',
  access: scope('taxes:write'),
  request: { headers: z.object(KeyHeader), body: jsonBody(CreateTaxExemptionBody) },
  responses: {
    201: json('The exemption', TaxExemptionWithMessage),
    ...problems(...BODY_PROBLEMS, 'idempotency_key_reused', 'created_and_deleted'),
  },
})

export function addCreateTaxExemption(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const { user_id: userId, country = null, reason, valid_from, valid_to } = c.req.valid('json')
    const result = await createTaxExemption(
      c.get('deps'),
      c.get('caller'),
      { userId, country, reason, validFrom: valid_from ?? null, validTo: valid_to ?? null },
      c.req.valid('header')['idempotency-key'],
    )
    if (!result.ok) return problem(c, result.failure)
    const { value, replayed } = result.value
    if (replayed) c.header(REPLAYED_HEADER, 'true')
    return c.json({ exemption: toTaxExemptionView(value), message: 'Tax exemption created' }, 201)
  })
}
