import { EVENTS, isEventType } from '@shop/contracts/events/catalogue'
import { z } from 'zod'
import { scope } from '../access.ts'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '../openapi.ts'
import type { EventApp } from './event-app.ts'
import { ReplayBody, ReplayedEvents, ServiceParam } from './schemas.ts'

const route = createRoute({
  method: 'post',
  path: '/api/events/{service}/replay',
  operationId: 'replayEvents',
  tags: ['Events'],
  summary: 'Deliver the events of a time range to a consumer again (staff)',
  description: 'At most 1,000 events a call, oldest first; call again with `next_after` for the rest.',
  access: scope('events:write'),
  request: { params: z.object({ service: ServiceParam }), body: jsonBody(ReplayBody) },
  responses: {
    200: json('How many', ReplayedEvents),
    ...problems(...BODY_PROBLEMS),
  },
})

const ALL_TYPES = Object.keys(EVENTS).filter(isEventType)

export function addReplayEvents(app: EventApp): void {
  app.openapi(route, async (c) => {
    const { events, now } = c.get('deps')
    const { consumer, types = ALL_TYPES, from, to, after: afterId = 0 } = c.req.valid('json')
    const { replayed, lastId } = await events.replay({ consumer, types, from, to, afterId, now: now() })
    return c.json({ replayed, next_after: lastId ?? null }, 200)
  })
}
