import type { EventLog } from '@shop/contracts'
import type { ShopApp } from '../app.ts'
import { addChangeDelivery } from './change-delivery.ts'
import type { EventApp } from './event-app.ts'
import { addListEvents } from './list-events.ts'
import { addReplayEvents } from './replay-events.ts'

/**
 * The staff operations on a service's events: list, retry, skip, replay. The same in every worker; the gateway routes
 * each path to the service it names, so the API description has them once.
 */
export function addEventRoutes<B extends object, D extends { events: EventLog; now: () => Date }>(
  app: ShopApp<B, D>,
): void {
  // The routes use only the members that EventApp names; Hono's types are invariant in the others.
  const routes = app as unknown as EventApp
  addListEvents(routes)
  addReplayEvents(routes)
  addChangeDelivery(routes)
}
