import { z } from 'zod'
import { scope } from '../access.ts'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '../openapi.ts'
import { problem } from '../problem.ts'
import type { EventApp, EventDeps, SkipDelivery } from './event-app.ts'
import { DeliveryBody, DeliveryChanged, EventIdParam, ServiceParam } from './schemas.ts'

const shared = {
  method: 'post' as const,
  tags: ['Events'],
  access: scope('events:write'),
  request: {
    params: z.object({ service: ServiceParam, event_id: EventIdParam }),
    body: jsonBody(DeliveryBody),
  },
  responses: {
    200: json('Done', DeliveryChanged),
    ...problems(...BODY_PROBLEMS, 'delivery_not_found'),
  },
}

const retryRoute = createRoute({
  ...shared,
  path: '/api/events/{service}/{event_id}/retry',
  operationId: 'retryDelivery',
  summary: 'Deliver an event to a consumer again (staff)',
  description:
    'For a parked delivery, or one whose effect was lost. Consumers know an event by its id, so a repeat does no harm.',
})

const skipRoute = createRoute({
  ...shared,
  path: '/api/events/{service}/{event_id}/skip',
  operationId: 'skipDelivery',
  summary: 'Give a delivery up (staff)',
  description:
    'The consumer never gets the event, and later events of its key go on. What the event was for is left undone: it stays ' +
    'listed with `status=skipped` until the event is pruned, and may be retried.',
})

export function addChangeDelivery(app: EventApp, skip: SkipDelivery<EventDeps>): void {
  app.openapi(retryRoute, async (c) => {
    const { events, now } = c.get('deps')
    const one = { eventId: c.req.valid('param').event_id, consumer: c.req.valid('json').consumer, now: now() }
    if (!(await events.retry(one))) return problem(c, { code: 'delivery_not_found' })
    return c.json({ message: 'The event is delivered again' }, 200)
  })
  app.openapi(skipRoute, async (c) => {
    const deps = c.get('deps')
    const one = { eventId: c.req.valid('param').event_id, consumer: c.req.valid('json').consumer, now: deps.now() }
    if (!(await skip(deps, one))) return problem(c, { code: 'delivery_not_found' })
    return c.json({ message: 'The delivery is skipped' }, 200)
  })
}
