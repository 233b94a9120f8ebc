import { ListStripeEventsQuery, StripeEventPage } from '@shop/contracts'
import { BEARER, createRoute, json, problem, problems } from '@shop/http'
import { listStripeEvents } from '../operations/list-stripe-events.ts'
import { toStripeEventView } from '../record-views.ts'
import type { PaymentsApp } from './payments-app.ts'

const route = createRoute({
  method: 'get',
  path: '/api/payments/events',
  operationId: 'listStripeEvents',
  tags: ['Payments'],
  summary: 'List events of Stripe that contradict what the shop knows (staff)',
  description:
    'They are signed by Stripe, but of another account or mode, or of another amount, currency or PaymentIntent than the payment has. They have changed nothing.',
  security: BEARER,
  request: { query: ListStripeEventsQuery },
  responses: {
    200: json('A page, newest first', StripeEventPage),
    ...problems('authentication_required', 'forbidden', 'validation_failed', 'invalid_cursor'),
  },
})

export function addListStripeEvents(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const listed = await listStripeEvents(c.get('deps'), c.get('caller'), c.req.valid('query'))
    if (!listed.ok) return problem(c, listed.failure)
    return c.json({ events: listed.value.items.map(toStripeEventView), next_cursor: listed.value.nextCursor }, 200)
  })
}
