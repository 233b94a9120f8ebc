import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { isCut } from './body.ts'
import { isClientClosed, isUnavailable } from './errors.ts'
import { log } from './log.ts'
import { problem } from './problem.ts'

/** Not registered: nginx's status for a client that left before it was answered. Only the log sees it. */
const CLIENT_CLOSED_REQUEST = 499

/**
 * Logs and answers what a request has thrown: 503 for a dependency that cannot be reached, 500 for a bug.
 *
 * When the client has left, whatever was thrown is taken for a consequence: an upload that ends early and a call that
 * was cancelled fail in as many ways as there are readers.
 *
 * @param outageEvent how the log names an outage
 */
export function answerError(error: unknown, c: Context, outageEvent = 'dependency_unavailable'): Response {
  const { method, path } = c.req
  if (c.req.raw.signal.aborted || isCut(c.req.raw) || isClientClosed(error)) {
    log('info', 'client_closed_request', { method, path, status: CLIENT_CLOSED_REQUEST })
    return new Response(null, { status: CLIENT_CLOSED_REQUEST })
  }
  // Thrown by Hono's part that reads bodies, and by the one that compares media types.
  if (error instanceof HTTPException && error.status === 400) return problem(c, { code: 'malformed_json' })
  if (error instanceof HTTPException && error.status === 415) return problem(c, { code: 'unsupported_media_type' })
  const unavailable = isUnavailable(error)
  log('error', unavailable ? outageEvent : 'unexpected_error', { method, path, error })
  return problem(c, { code: unavailable ? 'service_unavailable' : 'internal_error' })
}
