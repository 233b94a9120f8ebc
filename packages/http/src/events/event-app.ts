import type { OpenAPIHono } from '@hono/zod-openapi'
import type { EventLog } from '@shop/contracts'
import type { Caller } from '@shop/kernel'

/** What these routes need of a worker's app. */
export type EventApp = OpenAPIHono<{
  Variables: { requestId: string; caller: Caller; deps: { events: EventLog; now: () => Date } }
}>
