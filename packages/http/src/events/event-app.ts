import type { OpenAPIHono } from '@hono/zod-openapi'
import type { EventLog } from '@shop/contracts'
import type { Caller } from '@shop/kernel'

/** The part of a worker's app that these routes use. */
export type EventApp = OpenAPIHono<{
  Variables: { requestId: string; caller: Caller; deps: { events: EventLog; now: () => Date } }
}>
