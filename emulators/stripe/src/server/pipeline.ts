import type { IncomingHttpHeaders } from 'node:http'
import { type Outcome, underFault } from '@shop/emulator-kit/fault-effects'
import { ApiError, invalidRequest, rateLimited, unrecognizedUrl } from '../api/errors.ts'
import { decodeForm, type Form, FormError } from '../api/form.ts'
import { API_VERSION } from '../events/event.ts'
import { hashParams } from '../idempotency/idempotency-keys.ts'
import { runDue } from '../schedule/run-due.ts'
import { newId } from '../store/ids.ts'
import { authenticate } from './auth.ts'
import type { Core } from './core.ts'
import { type Answer, type Execution, errorBody, execute, faultError, headersOf } from './execute.ts'
import { matchEndpoint } from './routes.ts'

/** `2026-10-28.endive`; versions before 2024-09-30 have no name. */
const API_VERSION_FORM = /^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/

export interface Incoming {
  method: string
  path: string
  query: string
  headers: IncomingHttpHeaders
  body: string
  origin: string
}

/** Answers one API request. Returns refusals as answers. */
export async function answer(core: Core, incoming: Incoming): Promise<Outcome<Answer>> {
  if (core.stopping.aborted) return 'cut'
  const { method, path, headers } = incoming
  if (core.schedule.isDue(seconds(core))) runDue(core)
  const matched = matchEndpoint(method, path)
  core.counts.add(`${method} ${matched?.endpoint.path ?? path}`)
  core.traces.add(headers)
  const fault = core.faults.hit(method, path, matched?.endpoint.path)
  const idempotencyKey = (method === 'POST' && String(headers['idempotency-key'] ?? '')) || null
  const apiVersion = String(headers['stripe-version'] ?? API_VERSION)
  const source = { requestId: newId('req'), idempotencyKey }
  const base: Record<string, string> = { 'Request-Id': source.requestId, 'Stripe-Version': apiVersion }
  if (idempotencyKey) base['Idempotency-Key'] = idempotencyKey

  try {
    if (!matched) throw unrecognizedUrl(method, path)
    const { endpoint, id } = matched
    const { key: sentKey, ...form } = readForm(incoming)
    const key = authenticate(headers, sentKey, core.keys, endpoint)
    if (!API_VERSION_FORM.test(apiVersion)) throw invalidRequest(`Invalid Stripe API version: ${apiVersion}`)
    if (!core.rateLimit.admits(`${method} ${endpoint.path}`)) throw rateLimited()
    const outcome = await withKey(core, {
      endpoint,
      call: { id, form, key, apiVersion },
      fault,
      source,
      paramsHash: hashParams(form),
      path,
      origin: incoming.origin,
      now: seconds(core),
    })
    if (typeof outcome === 'string') return outcome
    const headersSent = { ...base, ...outcome.answer.headers }
    return { ...outcome, answer: { ...outcome.answer, headers: headersSent } }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const headersSent = { ...base, ...headersOf(error.status), ...error.headers }
    return { answer: { status: error.status, body: errorBody(error, 'secret'), headers: headersSent }, dripMs: 0 }
  }
}

/** Holds the idempotency key from the look-up until the answer, so that a concurrent request with it gets 409. */
async function withKey(core: Core, execution: Execution): Promise<Outcome<Answer>> {
  const { source, path, paramsHash, now } = execution
  const key = source.idempotencyKey
  const stored = key ? core.idempotency.claim(key, path, paramsHash, now) : undefined
  try {
    const work = async () => (stored ? replay(stored) : execute(core, execution))
    const refuse = (fault: Parameters<typeof faultError>[0]): Answer => {
      throw faultError(fault)
    }
    return await underFault(faultOutside(execution), work, refuse, core.stopping)
  } finally {
    if (key) core.idempotency.release(key)
  }
}

/** The fault to apply around the execution. A status fault during or after the work is part of the execution. */
function faultOutside({ fault }: Execution) {
  if (fault?.kind !== 'status') return fault
  const { at = 'before', ...status } = fault
  return at === 'before' ? { ...status, at } : undefined
}

function replay({ status, body, requestId }: { status: number; body: string; requestId: string }): Answer {
  const headers = { ...headersOf(status, true), 'Idempotent-Replayed': 'true', 'Original-Request': requestId }
  return { status, body, headers }
}

function readForm({ method, query, headers, body }: Incoming): Form {
  const type = headers['content-type'] ?? ''
  if (method === 'POST' && body !== '' && !type.startsWith('application/x-www-form-urlencoded')) {
    throw invalidRequest(
      'Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any ' +
        'questions, we can help at https://support.stripe.com/.',
    )
  }
  try {
    return decodeForm(method === 'POST' ? [query, body].filter(Boolean).join('&') : query)
  } catch (error) {
    if (error instanceof FormError) throw invalidRequest(error.message)
    throw error
  }
}

function seconds(core: Core): number {
  return Math.floor(core.now().getTime() / 1000)
}
