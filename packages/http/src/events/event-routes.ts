import type { ShopApp } from '../app.ts'
import { addChangeDelivery } from './change-delivery.ts'
import type { EventApp, EventDeps, SkipDelivery } from './event-app.ts'
import { addListEvents } from './list-events.ts'
import { addReplayEvents } from './replay-events.ts'

/**
 * The staff operations on a service's events: list, retry, skip, replay. The same in every worker; the gateway routes
 * each path to the service it names, so the API description has them once.
 *
 * @param skip for a service that has to do more than end the delivery
 */
export function addEventRoutes<B extends object, D extends EventDeps>(
  app: ShopApp<B, D>,
  skip: SkipDelivery<D> = ({ events }, one) => events.skip(one),
): void {
  // The routes use only the members that EventApp names; Hono's types are invariant in the others.
  const routes = app as unknown as EventApp
  addListEvents(routes)
  addReplayEvents(routes)
  // The app's own dependencies are a D.
  addChangeDelivery(routes, (deps, one) => skip(deps as D, one))
}
