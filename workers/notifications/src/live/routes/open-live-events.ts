import { PUBLIC } from '@shop/http/access'
import { createRoute, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { NotificationsApp } from '../../deps.ts'
import { openLiveConnection } from '../open-live-connection.ts'
import { streamLiveEvents } from '../stream-live-events.ts'
import { LastEventIdHeader, TicketQuery } from './ticket-query.ts'

const route = createRoute({
  method: 'get',
  path: '/api/live/events',
  operationId: 'openLiveEvents',
  tags: ['Live updates'],
  summary: 'Get changes as server-sent events',
  description:
    'For clients that cannot open a WebSocket: the same messages. A ticket opens one connection, so after an interruption connect with another one and `last_event_id`.',
  access: PUBLIC,
  request: { query: TicketQuery, headers: LastEventIdHeader },
  responses: {
    200: { description: 'The stream', content: { 'text/event-stream': { schema: z.string() } } },
    ...problems('invalid_ticket'),
  },
})

export function addOpenLiveEvents(app: NotificationsApp): void {
  app.openapi(route, async (c) => {
    const { ticket, last_event_id: lastEventId = c.req.valid('header')['last-event-id'] } = c.req.valid('query')
    const opened = await openLiveConnection(c.get('deps'), { ticket, lastEventId })
    if (!opened.ok) return problem(c, opened.failure)
    const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }
    return new Response(streamLiveEvents(opened.value), { headers })
  })
}
