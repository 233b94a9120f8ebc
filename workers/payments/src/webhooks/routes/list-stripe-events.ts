import { EVENT_FLAGS } from '@shop/contracts/payments/states'
import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { NextCursor } from '@shop/kernel/pagination'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import type { PaymentsApp } from '../../deps.ts'
import { PageQuery } from '../../lists/page-query.ts'
import type { FlaggedEvent } from '../domain/webhook-event.ts'
import { listStripeEvents } from '../list-stripe-events.ts'

const ListStripeEventsQuery = PageQuery.extend({
  flagged: z.literal('true').meta({ description: 'Only flagged events can be listed', example: 'true' }),
})

const StripeEventView = z
  .strictObject({
    id: z.string().meta({ description: "Stripe's id", example: 'evt_1PgafmB7WZ01zgkW6dKueIc5' }),
    type: z.string().meta({ example: 'payment_intent.succeeded' }),
    flag: z.enum(EVENT_FLAGS).meta({
      description: 'What contradicts the shop, or that the event cannot be read; it has changed nothing',
      example: 'another_amount',
    }),
    payment_intent: z.string().nullable().meta({ example: 'pi_3MtwBwLkdIwHu7ix28a3tqPa' }),
    created_at: Instant,
    received_at: Instant,
  })
  .meta({ id: 'StripeEvent' })

const StripeEventPage = z
  .strictObject({ events: z.array(StripeEventView), next_cursor: NextCursor })
  .meta({ id: 'StripeEventPage' })

const route = createRoute({
  method: 'get',
  path: '/api/payments/events',
  operationId: 'listStripeEvents',
  tags: ['Payments'],
  summary: 'List events of Stripe that contradict the shop (staff)',
  description:
    'They are signed by Stripe, but are of another account or mode, have another amount, currency or PaymentIntent than ' +
    'the payment, or a shape that names nothing to retrieve. They have changed nothing.',
  access: scope('payments:read'),
  request: { query: ListStripeEventsQuery },
  responses: {
    200: json('A page, newest first', StripeEventPage),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

export function addListStripeEvents(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const listed = await listStripeEvents(c.get('deps'), c.get('caller'), c.req.valid('query'))
    if (!listed.ok) return problem(c, listed.failure)
    return c.json({ events: listed.value.items.map(toStripeEventView), next_cursor: listed.value.nextCursor }, 200)
  })
}

function toStripeEventView(event: FlaggedEvent): z.infer<typeof StripeEventView> {
  return {
    id: event.id,
    type: event.type,
    flag: event.flag,
    payment_intent: event.intentId,
    created_at: event.createdAt.toISOString(),
    received_at: event.receivedAt.toISOString(),
  }
}
