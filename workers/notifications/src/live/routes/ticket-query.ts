import { z } from 'zod'

const lastEventId = z.string().max(200)

/** How a connection is opened. Browsers cannot set headers for it, so the ticket is in the URL: it can be used once. */
export const TicketQuery = z.object({
  ticket: z.string().min(1).max(100).meta({ example: 'q83vEjRWeJC8_kQ0bWVzcw' }),
  last_event_id: lastEventId.optional().meta({
    description: 'The `id` of the last message, to get what was missed since',
    example: '1764547200003@stock:7',
  }),
})
export const LastEventIdHeader = z.object({ 'last-event-id': lastEventId.optional() })
