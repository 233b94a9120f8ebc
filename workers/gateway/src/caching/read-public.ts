import { isUnchanged, unchanged } from '@shop/http/entity-tag'
import { PROBLEM_MEDIA_TYPE } from '@shop/http/problems'
import { addTrips, type TraceContext } from '@shop/http/trace'
import { CACHE_HEADER, CACHEABLE_HEADER, parseTrips, TRIPS_HEADER } from '@shop/http/trace-context'
import { ANONYMOUS } from '@shop/kernel/caller'
import type { Context } from 'hono'
import type { GatewayContext } from '../deps.ts'
import { askUpstream, UPSTREAM_TIMEOUT_MS } from '../forwarding/ask-upstream.ts'
import { forwardedHeaders } from '../forwarding/domain/forwarded-headers.ts'
import { asOfAnswer, type EdgeEntry, keptHeaders } from './domain/edge-entry.ts'
import type { OriginAnswer } from './internal/edge-cache.ts'

/**
 * Answers a public read from the caches or from the catalog. The request to the catalog is made of the key alone, so
 * that nothing else of what a client sends can get into what others are shown.
 *
 * @param key from `publicReadOf`
 */
export async function readPublic(c: Context<GatewayContext>, key: string, trace: TraceContext): Promise<Response> {
  const { origin } = new URL(c.req.url)
  const answer = await c.get('deps').edge.read({
    key,
    url: `${origin}/edge-cache/2${key}`,
    ask: () => askCatalog(c, new URL(key, origin), trace),
  })
  return 'response' in answer ? answer.response : shown(c, answer)
}

async function askCatalog(c: Context<GatewayContext>, url: URL, trace: TraceContext): Promise<OriginAnswer> {
  const { now, upstreams } = c.get('deps')
  const askedAt = now().getTime()
  const headers = forwardedHeaders(traceHeaders(c.req.raw.headers), ANONYMOUS, trace)
  // A redirect is an answer for the client, not for the gateway to follow.
  const request = new Request(url, { headers, redirect: 'manual' })
  const response = await askUpstream(upstreams.catalog, 'catalog', request, UPSTREAM_TIMEOUT_MS)
  const { status, headers: answered } = response
  const asOf = asOfAnswer(status, answered.get(CACHEABLE_HEADER), askedAt)
  if (asOf === undefined) return { response }
  addTrips(parseTrips(answered.get(TRIPS_HEADER)))
  const entry = { status, headers: keptHeaders(answered), body: await response.text(), asOf }
  return { entry, from: answered.get(CACHE_HEADER) ?? 'catalog' }
}

/** The only client headers that are forwarded: no answer depends on them. */
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

/** A problem contains the id of the request it answers, which differs each time. */
function withRequestId(problem: string, requestId: string): string {
  return JSON.stringify({ ...JSON.parse(problem), request_id: requestId })
}
