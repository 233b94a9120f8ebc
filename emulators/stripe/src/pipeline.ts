import type { IncomingHttpHeaders } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { authenticate } from './auth.ts'
import type { Core } from './core.ts'
import { runDue } from './due.ts'
import { ApiError, invalidRequest, rateLimited, unrecognizedUrl } from './errors.ts'
import { API_VERSION } from './events.ts'
import { type Answer, type Execution, errorBody, execute, faultError, headersOf } from './execute.ts'
import { decodeForm, type Form, FormError } from './form.ts'
import { hashParams } from './idempotency.ts'
import { newId } from './ids.ts'
import { matchEndpoint } from './routes.ts'

/** `2026-10-28.endive`; before 2024-09-30 without a name. */
const API_VERSION_FORM = /^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/

export interface Incoming {
  method: string
  path: string
  query: string
  headers: IncomingHttpHeaders
  body: string
  origin: string
}

/** Answers one API request; `'cut'` asks for the connection to be closed without an answer. */
export async function answer(core: Core, incoming: Incoming): Promise<Answer | 'cut'> {
  if (core.stopping.aborted) return 'cut'
  const { method, path, headers } = incoming
  if (core.schedule.isDue(seconds(core))) runDue(core)
  const matched = matchEndpoint(method, path)
  core.counts.add(`${method} ${matched?.endpoint.path ?? path}`)
  core.traces.add(headers)
  const fault = core.faults.take(method, path, matched?.endpoint.path)
  const idempotencyKey = (method === 'POST' && String(headers['idempotency-key'] ?? '')) || null
  const apiVersion = String(headers['stripe-version'] ?? API_VERSION)
  const source = { requestId: newId('req'), idempotencyKey }
  const base: Record<string, string> = { 'Request-Id': source.requestId, 'Stripe-Version': apiVersion }
  if (idempotencyKey) base['Idempotency-Key'] = idempotencyKey

  try {
    if (!matched) throw unrecognizedUrl(method, path)
    const { endpoint, id } = matched
    const { key: sentKey, ...form } = readForm(incoming)
    const key = authenticate(headers, sentKey, core.keys, endpoint.forBrowsers ?? false)
    if (!API_VERSION_FORM.test(apiVersion)) throw invalidRequest(`Invalid Stripe API version: ${apiVersion}`)
    if (!core.rateLimit.admits(`${method} ${endpoint.path}`)) throw rateLimited()
    const given = await withKey(core, {
      endpoint,
      call: { id, form, key, apiVersion },
      fault,
      source,
      paramsHash: hashParams(form),
      path,
      origin: incoming.origin,
      now: seconds(core),
    })
    if (given === 'cut') return given
    return { ...given, headers: { ...base, ...given.headers }, ...(fault?.kind === 'drip' && { dripMs: fault.ms }) }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const sent = { ...base, ...headersOf(error.status), ...error.headers }
    return { status: error.status, body: errorBody(error, 'secret'), headers: sent }
  }
}

/** Holds the idempotency key, if any, from the look-up to the end of the answer, so that a twin gets 409 meanwhile. */
async function withKey(core: Core, execution: Execution): Promise<Answer | 'cut'> {
  const { source, path, paramsHash, now, fault } = execution
  const key = source.idempotencyKey
  const stored = key ? core.idempotency.claim(key, path, paramsHash, now) : undefined
  try {
    if (fault?.kind === 'delay' && fault.at !== 'after') await pause(core, fault.ms)
    if (core.stopping.aborted) return 'cut'
    if (fault?.kind === 'cut_before') return 'cut'
    if (fault?.kind === 'status' && (fault.at ?? 'before') === 'before') throw faultError(fault)
    const given = stored ? replay(stored) : execute(core, execution)
    if (fault?.kind === 'delay' && fault.at === 'after') await pause(core, fault.ms)
    return fault?.kind === 'cut_after' ? 'cut' : given
  } finally {
    if (key) core.idempotency.release(key)
  }
}

/** Ends early when the emulator closes. */
async function pause(core: Core, ms: number): Promise<void> {
  await wait(ms, undefined, { signal: core.stopping }).catch(() => undefined)
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
