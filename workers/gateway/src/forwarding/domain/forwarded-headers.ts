import { ADDRESS_HEADER, CALLER_HEADER, type Caller } from '@shop/kernel/caller'
import { limitedSite } from '../../limits/domain/address.ts'

type Trace = { requestId: string; traceparent: string; deadline: number }

/**
 * The headers that a worker gets: the client's, without the internal ones (`x-shop-*`) and without the token, plus the
 * caller, the address that limits count by, and the trace.
 *
 * @param body as it is forwarded; it has been read, so its length is known
 */
export function forwardedHeaders(client: Headers, caller: Caller, trace: Trace, body?: Uint8Array): Headers {
  const headers = new Headers(client)
  for (const name of [...headers.keys()]) if (name.startsWith('x-shop-')) headers.delete(name)
  headers.delete('authorization')
  headers.delete('transfer-encoding')
  if (body === undefined) for (const name of ['content-length', 'content-type']) headers.delete(name)
  else headers.set('content-length', String(body.byteLength))
  // tracestate belongs to the client's trace. A malformed traceparent has been replaced by a new trace.
  if (headers.get('traceparent')?.slice(0, 35) !== trace.traceparent.slice(0, 35)) headers.delete('tracestate')
  headers.set('x-request-id', trace.requestId)
  headers.set('traceparent', trace.traceparent)
  headers.set('x-shop-deadline', String(trace.deadline))
  headers.set(CALLER_HEADER, JSON.stringify(caller))
  headers.set(ADDRESS_HEADER, limitedSite(client.get('cf-connecting-ip') ?? undefined))
  return headers
}
