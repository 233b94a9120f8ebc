import { PROBLEM_MEDIA_TYPE } from '@shop/http'
import { isUnchanged, unchanged } from '@shop/http/entity-tag'
import { addTrips, REQUEST_BUDGET_MS, type TraceContext } from '@shop/http/trace'
import { CACHE_HEADER, CACHEABLE_HEADER, parseTrips, TRIPS_HEADER } from '@shop/http/trace-context'
import { ANONYMOUS } from '@shop/kernel'
import type { Context } from 'hono'
import type { GatewayContext, GatewayDeps } from '../context.ts'
import { asOfAnswer, type EdgeEntry, keptHeaders } from '../domain/edge-entry.ts'
import { forwardedHeaders } from '../domain/forwarding.ts'
import type { OriginAnswer } from '../edge/edge-cache.ts'
import { askUpstream } from '../upstream.ts'

/** A little more than the worker has, so that it can say itself what went wrong. */
const CATALOG_TIMEOUT_MS = REQUEST_BUDGET_MS + 300

/**
 * Answers a public read from the caches before the catalog, or by it. What is asked of the catalog is made of the key
 * alone, so that nothing else a client sends can get into what others are shown.
 *
 * @param key from {@link publicReadOf}
 */
export async function readPublic(
  c: Context<GatewayContext>,
  deps: Pick<GatewayDeps, 'edge' | 'now'>,
  key: string,
  trace: TraceContext,
): Promise<Response> {
  const { origin } = new URL(c.req.url)
  const answer = await deps.edge.read({
    key,
    url: `${origin}/edge-cache/1${key}`,
    ask: () => askCatalog(c, deps, new URL(key, origin), trace),
  })
  return 'response' in answer ? answer.response : shown(c, answer)
}

async function askCatalog(
  c: Context<GatewayContext>,
  { now }: Pick<GatewayDeps, 'now'>,
  url: URL,
  trace: TraceContext,
): Promise<OriginAnswer> {
  const askedAt = now().getTime()
  const request = new Request(url, { headers: forwardedHeaders(traceHeaders(c.req.raw.headers), ANONYMOUS, trace) })
  const response = await askUpstream(c.env.CATALOG, 'catalog', request, CATALOG_TIMEOUT_MS)
  const { status, headers } = response
  const asOf = asOfAnswer(status, headers.get(CACHEABLE_HEADER), askedAt)
  if (asOf === null) return { response }
  addTrips(parseTrips(headers.get(TRIPS_HEADER)))
  const entry = { status, headers: keptHeaders(headers), body: await response.text(), asOf }
  return { entry, from: headers.get(CACHE_HEADER) ?? 'catalog' }
}

/** All that goes on of what the client sent: nobody's answer depends on it. */
function traceHeaders(client: Headers): Headers {
  const headers = new Headers()
  for (const name of ['traceparent', 'tracestate']) {
    const value = client.get(name)
    if (value !== null) headers.set(name, value)
  }
  return headers
}

function shown(c: Context<GatewayContext>, { entry, from }: { entry: EdgeEntry; from: string }): Response {
  const headers = new Headers(entry.headers)
  headers.set(CACHE_HEADER, from)
  if (isUnchanged(c.req.header('if-none-match'), headers.get('etag'))) return unchanged(headers)
  const isProblem = headers.get('content-type') === PROBLEM_MEDIA_TYPE
  const body = isProblem ? withRequestId(entry.body, c.get('requestId')) : entry.body
  return new Response(body, { status: entry.status, headers })
}

/** A problem names the request it answers, and that is another one each time. */
function withRequestId(problem: string, requestId: string): string {
  return JSON.stringify({ ...JSON.parse(problem), request_id: requestId })
}
