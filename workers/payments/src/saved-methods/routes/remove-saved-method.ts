import { SIGNED_IN } from '@shop/http/access'
import { expectedTags } from '@shop/http/conditional'
import { entityTag } from '@shop/http/entity-tag'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { opaqueId } from '@shop/kernel/ids'
import { z } from 'zod'
import type { PaymentsApp } from '../../deps.ts'
import type { SavedMethod } from '../domain/saved-method.ts'
import { removeSavedMethod } from '../remove-saved-method.ts'
import { toSavedMethodsView } from './list-saved-methods.ts'

const IfMatchList = z.string().optional().meta({
  description: 'The ETag of the list of your cards: 412 `version_conflict` if the list has changed since',
  example: '"2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"',
})

const route = createRoute({
  method: 'delete',
  path: '/api/payments/methods/{id}',
  operationId: 'removeSavedMethod',
  tags: ['Payments'],
  summary: 'Remove a saved card of yours',
  access: SIGNED_IN,
  request: {
    params: z.object({ id: opaqueId('pm_1Q0PsIJvEtkwdCNYMSaVuRz6') }),
    headers: z.object({ 'if-match': IfMatchList }),
  },
  responses: {
    200: json('The card is removed', MessageResponse),
    ...problems('payment_method_not_found', 'version_conflict', 'validation_failed', 'payment_provider_unavailable'),
  },
})

export function addRemoveSavedMethod(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const tags = expectedTags(c)
    if (!tags.ok) return problem(c, tags.failure)
    const isExpected = tags.value && isListWith(tags.value)
    const removed = await removeSavedMethod(c.get('deps'), c.get('caller'), { id: c.req.valid('param').id, isExpected })
    return removed.ok ? c.json({ message: 'Payment method forgotten' }, 200) : problem(c, removed.failure)
  })
}

/** Whether the list of cards has one of the tags, as `listSavedMethods` answers it. */
const isListWith = (tags: readonly string[]) => async (methods: SavedMethod[]) => {
  const tag = await entityTag(JSON.stringify(toSavedMethodsView(methods)))
  return tags.includes(tag.slice(1, -1))
}
