import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Consumer, EventLog } from '@shop/contracts'
import type { Caller } from '@shop/kernel'

export type EventDeps = { events: EventLog; now: () => Date }

/** Gives a delivery up; false where there is none, or it is over. */
export type SkipDelivery<D> = (deps: D, one: { eventId: number; consumer: Consumer; now: Date }) => Promise<boolean>

/** What these routes need of a worker's app. */
export type EventApp = OpenAPIHono<{
  Variables: { requestId: string; caller: Caller; deps: EventDeps }
}>
