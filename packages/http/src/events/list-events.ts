import { DEFAULT_LIMIT, decodeCursor, toPage } from '@shop/kernel/pagination'
import { z } from 'zod'
import { scope } from '../access.ts'
import { createRoute, json, problems } from '../openapi.ts'
import { problem } from '../problem.ts'
import type { EventApp } from './event-app.ts'
import { EventPage, ListEventsQuery, ServiceParam, toEventView } from './schemas.ts'

const route = createRoute({
  method: 'get',
  path: '/api/events/{service}',
  operationId: 'listEvents',
  tags: ['Events'],
  summary: 'List events and their deliveries (staff)',
  description: 'Every change of the shop is an event, kept for 30 days after its last consumer has confirmed it.',
  access: scope('events:read'),
  request: { params: z.object({ service: ServiceParam }), query: ListEventsQuery },
  responses: {
    200: json('A page, newest first', EventPage),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

const isEventPosition = ({ sortKey, id }: { sortKey: string; id: string }) =>
  sortKey === '' && /^[1-9][0-9]{0,14}$/.test(id)

export function addListEvents(app: EventApp): void {
  app.openapi(route, async (c) => {
    const { limit = DEFAULT_LIMIT, cursor, ...query } = c.req.valid('query')
    const start = cursor === undefined ? undefined : decodeCursor(cursor, isEventPosition)
    if (start?.ok === false) return problem(c, start.failure)
    const rows = await c.get('deps').events.list({ ...query, after: start?.value, limit: limit + 1 })
    const { items, nextCursor } = toPage(rows, limit, ({ id }) => ({ sortKey: '', id: String(id) }))
    return c.json({ events: items.map(toEventView), next_cursor: nextCursor }, 200)
  })
}
