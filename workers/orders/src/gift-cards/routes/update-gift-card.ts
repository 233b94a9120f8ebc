import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { InstantField, text } from '@shop/kernel/text'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { updateGiftCard } from '../update-gift-card.ts'
import { GiftCardParams, GiftCardWithMessage, toGiftCardView } from './gift-card-view.ts'

const UpdateGiftCardBody = z
  .strictObject({
    expires_at: InstantField.nullish(),
    note: text(1, 2_000).nullish().meta({ example: 'For the broken teapot' }),
  })
  .meta({
    id: 'UpdateGiftCardRequest',
    description: 'A merge patch (RFC 7396): omitted fields stay as they are, null removes',
  })

const route = createRoute({
  method: 'patch',
  path: '/api/gift-cards/{id}',
  operationId: 'updateGiftCard',
  tags: ['Gift cards'],
  summary: 'Change the expiry or the note of a gift card (staff)',
  description: 'A later expiry does not restore the balance of a card that has already expired.',
  access: scope('gift_cards:write'),
  request: {
    params: GiftCardParams,
    headers: z.object({ 'if-match': IfMatchHeader }),
    body: jsonBody(UpdateGiftCardBody),
  },
  responses: {
    200: json('The card as it is now', GiftCardWithMessage),
    ...problems(...BODY_PROBLEMS, 'gift_card_not_found', 'invalid_gift_card', 'version_conflict'),
  },
})

export function addUpdateGiftCard(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const { expires_at: expiresAt, note } = c.req.valid('json')
    const deps = c.get('deps')
    const request = { ...c.req.valid('param'), changes: { expiresAt, note }, versions: versions.value }
    const result = await updateGiftCard(deps, c.get('caller'), request)
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ gift_card: toGiftCardView(result.value, deps.now()), message: 'Gift card updated' }, 200)
  })
}
