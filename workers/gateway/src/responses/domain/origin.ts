/** Browsers resolve `localhost` and the names below it to the machine itself (RFC 6761, section 6.3). */
const ON_THIS_MACHINE = /^https?:\/\/(?:(?:[\w-]+\.)*localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/

type OriginSettings = { ENVIRONMENT: string; CORS_ORIGINS: ReadonlySet<string> }

/**
 * Whether pages of an origin may read the answers: those on the list, and in development every page of this machine, so
 * that a storefront can run on another port.
 */
export function isAllowedOrigin(origin: string, { ENVIRONMENT, CORS_ORIGINS }: OriginSettings): boolean {
  return CORS_ORIGINS.has(origin) || (ENVIRONMENT === 'development' && ON_THIS_MACHINE.test(origin))
}
