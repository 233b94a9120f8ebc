import type { IncomingHttpHeaders } from 'node:http'
import type { StatusFault } from '@shop/emulator-kit/fault-effects'
import { type Answer, jsonAnswer } from '../server/answer.ts'
import type { MailStore } from '../store.ts'
import { ResendError } from './errors.ts'
import { sendEmail } from './send-email.ts'

export type ApiRequest = { method: string; path: string; headers: IncomingHttpHeaders; body: string }

/** Whether a request is one of Resend's API. */
export const isApiPath = (path: string): boolean => path === '/emails' || path.startsWith('/emails/')

/**
 * Answers a request unless another one with the same idempotency key is being answered.
 *
 * @param running the keys of requests that are being answered
 */
export async function alone<A>(
  running: Set<string>,
  key: string | undefined,
  { work, refuse }: { work: () => Promise<A>; refuse: (answer: Answer) => A },
): Promise<A> {
  if (key === undefined) return work()
  if (running.has(key)) {
    const message = 'A request with this idempotency key is in progress.'
    return refuse(jsonAnswer(409, new ResendError(409, 'concurrent_idempotent_requests', message).toBody()))
  }
  running.add(key)
  try {
    return await work()
  } finally {
    running.delete(key)
  }
}

/** The idempotency key of a request. */
export function keyOf({ headers }: ApiRequest): string | undefined {
  const header = headers['idempotency-key']
  return Array.isArray(header) ? header[0] : header
}

/** Answers Resend's API. */
export async function answerApi(
  { store, apiKey, now }: { store: MailStore; apiKey: string; now: () => Date },
  request: ApiRequest,
): Promise<Answer> {
  try {
    checkAccess(request.headers, apiKey)
    const { method, path, body } = request
    if (method === 'GET' && path.startsWith('/emails/')) return retrieve(store, path.slice('/emails/'.length))
    if (path !== '/emails') throw new ResendError(404, 'not_found', 'The requested endpoint does not exist.')
    if (method !== 'POST')
      throw new ResendError(405, 'method_not_allowed', 'Method is not allowed for the requested path.')
    return jsonAnswer(200, { id: sendEmail(store, { body, key: keyOf(request), now: now() }).id })
  } catch (error) {
    if (error instanceof ResendError) return jsonAnswer(error.statusCode, error.toBody())
    throw error
  }
}

/** The answer of a status fault. */
export const faultAnswer = ({ status }: StatusFault): Answer =>
  jsonAnswer(status, {
    statusCode: status,
    message: 'A fault was set.',
    name: status === 429 ? 'rate_limit_exceeded' : 'internal_server_error',
  })

function checkAccess(headers: IncomingHttpHeaders, apiKey: string): void {
  // As at Resend, whose firewall answers before the API does.
  if (!headers['user-agent']) throw new ResendError(403, 'forbidden', 'error code: 1010')
  const [, given] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? []
  if (given === undefined) throw new ResendError(401, 'missing_api_key', 'Missing API Key')
  if (given !== apiKey) throw new ResendError(401, 'validation_error', 'API key is invalid')
}

function retrieve(store: MailStore, id: string): Answer {
  const mail = store.find(id)
  if (mail === undefined) throw new ResendError(404, 'not_found', 'Email not found')
  const { sentAt, replyTo, via: _, idempotency: __, ...rest } = mail
  return jsonAnswer(200, { object: 'email', ...rest, reply_to: replyTo, created_at: sentAt, last_event: 'delivered' })
}
