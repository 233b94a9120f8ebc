import { PUBLIC } from '@shop/http/access'
import { createRoute, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { NotificationsApp } from '../../deps.ts'
import { openLiveConnection } from '../open-live-connection.ts'
import { TicketQuery } from './ticket-query.ts'

const route = createRoute({
  method: 'get',
  path: '/api/live',
  operationId: 'openLiveSocket',
  tags: ['Live updates'],
  summary: 'Open a WebSocket that gets changes as they happen',
  description:
    'Each message is JSON: `{"id", "topic", "type", "data"}`. The text `ping` is answered with `pong`; anything else that the client sends closes the connection. A page of another origin than those allowed gets 403.',
  access: PUBLIC,
  request: { query: TicketQuery },
  responses: {
    101: { description: 'The WebSocket is open' },
    ...problems('invalid_ticket', 'upgrade_required', 'forbidden'),
  },
})

export function addOpenLiveSocket(app: NotificationsApp): void {
  app.openapi(route, async (c) => {
    if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') return problem(c, { code: 'upgrade_required' })
    const { ticket, last_event_id: lastEventId } = c.req.valid('query')
    const opened = await openLiveConnection(c.get('deps'), { ticket, lastEventId })
    if (!opened.ok) return problem(c, opened.failure)
    return new Response(null, { status: 101, webSocket: opened.value })
  })
}
