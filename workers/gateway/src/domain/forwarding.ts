import { ADDRESS_HEADER, CALLER_HEADER, type Caller } from '@shop/kernel'
import { limitedAddress } from './address.ts'

type Trace = { requestId: string; traceparent: string; deadline: number }

/**
 * The headers a worker gets: the client's, less those that only we may say (`x-shop-*`), less the token, which ends
 * here, plus the caller, the address it counts as and what the request is part of.
 */
export function forwardedHeaders(client: Headers, caller: Caller, trace: Trace): Headers {
  const headers = new Headers(client)
  for (const name of [...headers.keys()]) if (name.startsWith('x-shop-')) headers.delete(name)
  headers.delete('authorization')
  // The state belongs to the client's trace; when that was not well-formed, there is a new one.
  if (headers.get('traceparent')?.slice(0, 35) !== trace.traceparent.slice(0, 35)) headers.delete('tracestate')
  headers.set('x-request-id', trace.requestId)
  headers.set('traceparent', trace.traceparent)
  headers.set('x-shop-deadline', String(trace.deadline))
  headers.set(CALLER_HEADER, JSON.stringify(caller))
  headers.set(ADDRESS_HEADER, limitedAddress(client.get('cf-connecting-ip')))
  return headers
}
