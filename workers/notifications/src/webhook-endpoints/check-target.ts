import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { NotificationsDeps } from '../deps.ts'
import { checkAddresses, checkUrl, isNamed, type UrlRefused } from './domain/webhook-url.ts'

/**
 * Checks that a URL may be sent to now: by itself, and by all addresses that its name leads to. Done when an endpoint is saved,
 * and again before each request, since a name may lead elsewhere by then. What that leaves over is in docs/webhooks.md.
 *
 * @returns the URL as it is kept; `service_unavailable` when no DNS answered
 */
export async function checkTarget(
  { targets, resolve }: Pick<NotificationsDeps, 'targets' | 'resolve'>,
  text: string,
): Promise<Result<string, UrlRefused | ServiceUnavailable>> {
  const url = checkUrl(text, targets)
  if (!url.ok) return url
  if (!isNamed(url.value)) return ok(url.value.href)
  const addresses = await resolve(url.value.hostname)
  if (addresses === undefined) return fail({ code: 'service_unavailable' })
  const reachable = checkAddresses(addresses)
  return reachable.ok ? ok(url.value.href) : reachable
}
