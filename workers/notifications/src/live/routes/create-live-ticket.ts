import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { orderCredentials, TokenHeader } from '@shop/contracts/orders/access'
import { anyoneWith } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { NotificationsApp } from '../../deps.ts'
import { createLiveTicket } from '../create-live-ticket.ts'
import { MOST_ORDERS, MOST_TOPICS, parseTopic } from '../domain/topic.ts'

const TopicName = z
  .string()
  .refine((name) => parseTopic(name) !== undefined, 'must be order:{id} or stock:{variant_id}')
  .meta({ example: 'stock:7' })

const CreateLiveTicketBody = z
  .strictObject({
    topics: z
      .array(TopicName)
      .min(1)
      .max(MOST_TOPICS)
      .refine((names) => names.filter((name) => name.startsWith('order:')).length <= MOST_ORDERS, {
        message: `at most ${MOST_ORDERS} orders`,
      })
      .meta({
        description: `\`order:{id}\`, at most ${MOST_ORDERS}, or \`stock:{variant_id}\``,
        example: ['stock:7'],
      }),
  })
  .meta({ id: 'CreateLiveTicketBody' })

const LiveTicketView = z
  .strictObject({
    ticket: z.strictObject({
      token: z.string().meta({ description: 'For one connection', example: 'q83vEjRWeJC8_kQ0bWVzcw' }),
      topics: z.array(z.string()).meta({ example: ['stock:7'] }),
      expires_at: z.iso.datetime().meta({ description: 'A minute after it was made' }),
    }),
  })
  .meta({ id: 'LiveTicket' })

const route = createRoute({
  method: 'post',
  path: '/api/live/tickets',
  operationId: 'createLiveTicket',
  tags: ['Live updates'],
  summary: 'Get a ticket for one connection',
  description: [
    'Orders need their owner, the token of the order, or the scope `orders:read`. What is for sale may be listened to by anybody.',
    describeLimits(LIMITS.liveTicketAddress),
  ].join('\n\n'),
  access: anyoneWith('order_token'),
  request: { headers: z.object(TokenHeader), body: jsonBody(CreateLiveTicketBody) },
  responses: {
    201: json('The ticket', LiveTicketView),
    ...problems(...BODY_PROBLEMS, 'order_not_found', 'variant_not_found'),
  },
})

export function addCreateLiveTicket(app: NotificationsApp): void {
  app.openapi(route, async (c) => {
    const credentials = orderCredentials(c.get('caller'), c.req.valid('header'))
    const created = await createLiveTicket(c.get('deps'), credentials, c.req.valid('json').topics)
    if (!created.ok) return problem(c, created.failure)
    const { token, topics, expiresAt } = created.value
    return c.json({ ticket: { token, topics, expires_at: expiresAt.toISOString() } }, 201)
  })
}
