import { requestIdOf } from './request-id.ts'
import { REQUEST_BUDGET_MS, type TraceContext, type Trips } from './trace.ts'

const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-([\da-f]{2})$/

const DEADLINE_HEADER = 'x-shop-deadline'
/** Internal headers of our workers: the gateway removes headers with this prefix from requests and answers. */
export const INTERNAL_PREFIX = 'x-shop-'
export const TRIPS_HEADER = 'x-shop-trips'
export const ROUTE_HEADER = 'x-shop-route'
/** The source of an answer, such as `memory` or `postgres`; absent where nothing is cached. */
export const CACHE_HEADER = 'x-shop-cache'
/**
 * Set by a worker on an answer that may be cached and shown to anybody: its age in milliseconds when the worker was
 * called.
 */
export const CACHEABLE_HEADER = 'x-shop-cacheable'
/** Beside it, where the answer changes by itself: in how many milliseconds from when the worker was called. */
export const VALID_HEADER = 'x-shop-valid'

/** The trace a request belongs to: the client's if its traceparent is well-formed, else a new one; the span is ours. */
export function childTraceparent(parent: string | null | undefined): string {
  const [, traceId, flags] = TRACEPARENT.exec(parent ?? '') ?? []
  return `00-${traceId ?? newTraceId()}-${newSpanId()}-${flags ?? '01'}`
}

/** Reads headers as the gateway has set them, or, at the gateway, as the client has. */
export function traceContextOf(headers: Headers, now: number): TraceContext {
  const deadline = Number(headers.get(DEADLINE_HEADER))
  return {
    requestId: requestIdOf(headers),
    traceparent: childTraceparent(headers.get('traceparent')),
    deadline: deadline > 0 ? deadline : now + REQUEST_BUDGET_MS,
  }
}

export function traceIdOf({ traceparent }: Pick<TraceContext, 'traceparent'>): string {
  return traceparent.slice(3, 35)
}

/** Round trips as a header of an answer between workers, such as `postgres=2,stripe=1`. */
export function formatTrips(trips: Trips): string {
  return Object.entries(trips)
    .map(([dependency, count]) => `${dependency}=${count}`)
    .join(',')
}

export function parseTrips(header: string | null): Trips {
  const pairs = (header ?? '').split(',').map((pair) => pair.split('='))
  return Object.fromEntries(
    pairs.flatMap(([name, count]) => (name && Number(count) > 0 ? [[name, Number(count)]] : [])),
  )
}

function newTraceId(): string {
  return crypto.randomUUID().replaceAll('-', '')
}

/** Distinguishes the hops of one trace. It guards nothing, so it need not be unguessable. Never all zeros. */
function newSpanId(): string {
  return hex32(1 + Math.random() * 0xffff_fffe) + hex32(Math.random() * 0x1_0000_0000)
}

const hex32 = (number: number) => Math.floor(number).toString(16).padStart(8, '0')
