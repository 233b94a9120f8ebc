import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { Email } from '@shop/kernel/email'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { Amount, Currency } from '@shop/kernel/money'
import { InstantField, text } from '@shop/kernel/text'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { createGiftCard } from '../create-gift-card.ts'
import { IssuedGiftCard, toGiftCardView } from './gift-card-view.ts'

const CreateGiftCardBody = z
  .strictObject({
    amount: Amount.meta({ description: 'Above 0, in major units', example: 50 }),
    currency: Currency,
    expires_at: InstantField.optional().meta({ description: 'Default: it does not expire' }),
    recipient_email: Email.optional().meta({
      description: 'The code is also mailed to this address',
      example: 'guest@example.com',
    }),
    note: text(1, 2_000).optional().meta({ description: 'For staff', example: 'For the broken teapot' }),
  })
  .meta({ id: 'CreateGiftCardRequest' })

const IssuedResponse = z
  .strictObject({ gift_card: IssuedGiftCard, message: z.string().meta({ example: 'Gift card issued' }) })
  .meta({ id: 'IssuedGiftCardResponse' })

const route = createRoute({
  method: 'post',
  path: '/api/gift-cards',
  operationId: 'createGiftCard',
  tags: ['Gift cards'],
  summary: 'Issue a gift card (staff)',
  description:
    'The response contains the code. The code is not stored, so no other call returns it. A repeated request with the same ' +
    '`Idempotency-Key` returns the same card and code.',
  access: scope('gift_cards:write'),
  request: { headers: z.object(KeyHeader), body: jsonBody(CreateGiftCardBody) },
  responses: {
    201: json('The card with its code', IssuedResponse),
    ...problems(
      ...BODY_PROBLEMS,
      'invalid_gift_card',
      'idempotency_key_required',
      'idempotency_key_reused',
      'created_and_deleted',
    ),
  },
})

export function addCreateGiftCard(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const { amount, currency, note, expires_at: expiresAt, recipient_email: recipientEmail } = c.req.valid('json')
    const deps = c.get('deps')
    const result = await createGiftCard(
      deps,
      c.get('caller'),
      { amount, currency, note, expiresAt, recipientEmail },
      c.req.valid('header')['idempotency-key'],
    )
    if (!result.ok) return problem(c, result.failure)
    const { value, replayed } = result.value
    // The secret that this code was derived from was removed, so the code cannot be derived again.
    if (value.code === undefined) return problem(c, { code: 'created_and_deleted' })
    versioned(c, value.card.version)
    if (replayed) c.header(REPLAYED_HEADER, 'true')
    const card = { ...toGiftCardView(value.card, deps.now()), code: value.code }
    return c.json({ gift_card: card, message: 'Gift card issued' }, 201)
  })
}
