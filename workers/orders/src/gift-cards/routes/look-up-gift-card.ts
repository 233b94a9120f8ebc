import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { ANYONE } from '@shop/http/access'
import { addressOf } from '@shop/http/limits'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { Amount, toMajor } from '@shop/kernel/money'
import { Instant, text } from '@shop/kernel/text'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { MAX_ENTERED_LENGTH } from '../domain/gift-card-code.ts'
import { lookUpGiftCard } from '../look-up-gift-card.ts'

const LookUpBody = z
  .strictObject({
    code: text(1, MAX_ENTERED_LENGTH).meta({
      description: 'Upper or lower case, with or without dashes and spaces',
      example: '7KQ2-M9XR-4DTV-H0PZ-81CW',
    }),
  })
  .meta({ id: 'LookUpGiftCardRequest' })

const FoundGiftCard = z
  .strictObject({
    gift_card: z.strictObject({
      last_four: z.string().meta({ example: '81CW' }),
      balance: Amount.meta({ example: 50 }),
      currency: z.string().meta({ example: 'EUR' }),
      expires_at: Instant.nullable().meta({ example: null }),
    }),
  })
  .meta({ id: 'FoundGiftCard' })

const route = createRoute({
  method: 'post',
  path: '/api/gift-cards/lookup',
  operationId: 'lookUpGiftCard',
  tags: ['Gift cards'],
  summary: 'Read the balance of a gift card by its code',
  description:
    'Unknown, expired and voided codes have the same answer: 404 `gift_card_not_found`. ' +
    describeLimits(LIMITS.giftCardCode),
  access: ANYONE,
  request: { body: jsonBody(LookUpBody) },
  responses: { 200: json('The card', FoundGiftCard), ...problems(...BODY_PROBLEMS, 'gift_card_not_found') },
})

export function addLookUpGiftCard(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const request = { code: c.req.valid('json').code, address: addressOf(c) }
    const found = await lookUpGiftCard(c.get('deps'), request)
    if (!found.ok) return problem(c, found.failure)
    const { lastFour, balance, currency, expiresAt } = found.value
    const view = { last_four: lastFour, balance: toMajor(balance, currency), currency }
    return c.json({ gift_card: { ...view, expires_at: expiresAt?.toISOString() ?? null } }, 200)
  })
}
