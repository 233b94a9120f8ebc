export const SERVICES = ['users', 'catalog', 'orders', 'payments'] as const
export type ServiceName = (typeof SERVICES)[number]

const BY_PREFIX: readonly (readonly [prefix: string, service: ServiceName])[] = [
  ['/api/users', 'users'],
  ['/api/products', 'catalog'],
  ['/api/inventory', 'catalog'],
  ['/api/orders', 'orders'],
  ['/api/payments', 'payments'],
  ['/api/webhooks', 'payments'],
]

/** The worker that answers a path, or null. Whole segments count: `/api/usersets` is nobody's. */
export function upstreamOf(path: string): ServiceName | null {
  if (withoutTrailingSlash(path) === '/.well-known/jwks.json') return 'users'
  const found = BY_PREFIX.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`))
  return found?.[1] ?? null
}

/** Where no caller is asked for: the body says who it is, or a signature does. A stale header must not stop a sign-in. */
const NO_CALLER = new Set(['/api/users/register', '/api/users/login', '/api/users/refresh', '/api/users/logout'])

/** Whether a presented access token counts on this path. */
export function takesCaller(path: string): boolean {
  return path.startsWith('/api/') && !path.startsWith('/api/webhooks/') && !NO_CALLER.has(withoutTrailingSlash(path))
}

export function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}
