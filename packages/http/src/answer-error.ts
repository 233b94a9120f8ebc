import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { isCut } from './body.ts'
import { isClientClosed, isUnavailable } from './errors.ts'
import { log } from './log.ts'
import { problem } from './problem.ts'

/** Not a registered status: nginx's code for a client that disconnected before the answer. Only the log shows it. */
const CLIENT_CLOSED_REQUEST = 499

/**
 * Logs an error thrown by a request and answers it: 503 for an unreachable dependency, 500 for a bug.
 *
 * When the client has disconnected, any error counts as a consequence: an upload that ends early and a cancelled call
 * fail differently in every reader.
 *
 * @param outageEvent how the log names an outage
 */
export function answerError(error: unknown, c: Context, outageEvent = 'dependency_unavailable'): Response {
  const { method, path } = c.req
  if (c.req.raw.signal.aborted || isCut(c.req.raw) || isClientClosed(error)) {
    log('info', 'client_closed_request', { method, path, status: CLIENT_CLOSED_REQUEST })
    return new Response(null, { status: CLIENT_CLOSED_REQUEST })
  }
  // Thrown by Hono's body reader, and by its comparison of media types.
  if (error instanceof HTTPException && error.status === 400) return problem(c, { code: 'malformed_json' })
  if (error instanceof HTTPException && error.status === 415) return problem(c, { code: 'unsupported_media_type' })
  const unavailable = isUnavailable(error)
  log('error', unavailable ? outageEvent : 'unexpected_error', { method, path, error })
  return problem(c, { code: unavailable ? 'service_unavailable' : 'internal_error' })
}
