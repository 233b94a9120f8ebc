import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Consumer } from '@shop/contracts/events/define'
import type { EventLog } from '@shop/contracts/events/log'
import type { Caller } from '@shop/kernel/caller'

export type EventDeps = { events: EventLog; now: () => Date }

/** Gives up a delivery; false where there is none, or it has ended. */
export type SkipDelivery<D> = (deps: D, one: { eventId: number; consumer: Consumer; now: Date }) => Promise<boolean>

/** The part of a worker's app that these routes use. */
export type EventApp = OpenAPIHono<{
  Variables: { requestId: string; caller: Caller; deps: EventDeps }
}>
