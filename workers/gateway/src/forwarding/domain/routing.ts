import { EVENT_SERVICES, ROUTED_SERVICES, type RoutedService } from '@shop/services'

/** The worker that answers a path, if any. Whole segments count: nobody answers `/api/usersets`. */
export function serviceOf(path: string): RoutedService | undefined {
  return PREFIXES.find(({ prefix }) => isBelow(path, prefix))?.service
}

const PREFIXES = ROUTED_SERVICES.flatMap((service) => {
  const events = EVENT_SERVICES.some(({ name }) => name === service.name) ? [`/api/events/${service.name}`] : []
  return [...service.gateway.paths, ...events].map((prefix) => ({ prefix, service }))
})

const WITHOUT_CALLER = ROUTED_SERVICES.flatMap(({ gateway }) => gateway.pathsWithoutCaller)

/** Whether an access token counts on this path. Elsewhere a stale one does no harm, so that it cannot stop a sign-in. */
export function takesCaller(path: string): boolean {
  return !WITHOUT_CALLER.some((prefix) => isBelow(path, prefix))
}

export function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

const isBelow = (path: string, prefix: string) => path === prefix || path.startsWith(`${prefix}/`)
