import type { Call, CallerKey, Endpoint } from '../api/endpoint.ts'
import { ApiError, rateLimited } from '../api/errors.ts'
import { expandAnswer, leaveOut, readExpand } from '../api/expand.ts'
import { browserView } from '../payment-intents/intent.ts'
import { type Core, newWork } from './core.ts'
import type { Fault, StatusFault } from './faults.ts'

export interface Answer {
  status: number
  body: string
  headers: Record<string, string>
}

/** One authenticated request, ready to execute. */
export interface Execution {
  endpoint: Endpoint
  call: Call
  fault: Fault | undefined
  source: { requestId: string; idempotencyKey: string | null }
  paramsHash: string
  path: string
  origin: string
  now: number
}

/**
 * Validates, executes and stores the answer in one transaction without an await: requests never interleave, and every
 * answer is on disk before it is sent.
 *
 * @throws ApiError for refusals before the execution begins, which are not stored under the idempotency key
 */
export function execute(core: Core, execution: Execution): Answer {
  const { endpoint, call, fault, source, origin, now } = execution
  const expand = readExpand(call.form, endpoint)
  const { expand: _checked, ...form } = call.form
  const run = endpoint.prepare({ ...call, form })
  const work = newWork(core, source, origin, now)
  const injected = fault?.kind === 'status' ? faultError(fault) : undefined
  if (injected && fault?.kind === 'status' && fault.at === 'during') return store(core, execution, failed(injected))
  try {
    const answer = core.store.transaction(() => {
      const shown = () => leaveOut(run(work), endpoint.inline ?? [], expand)
      const done = resultOf(() => expandAnswer(shown(), expand, endpoint.answers, core.store), call.key)
      return store(core, execution, injected ? failed(injected) : done)
    })
    core.webhooks.wake()
    return answer
  } catch (error) {
    console.error('Stripe emulator: this is a bug, not behaviour of Stripe:', error)
    const message = 'The Stripe emulator failed. See its log for the error.'
    return store(core, execution, failed(new ApiError(500, { type: 'api_error', message })))
  }
}

interface Result {
  status: number
  body: string
}

/** A refusal or decline by the execution is an answer too. Its changes are committed with it. */
function resultOf(run: () => object, key: CallerKey): Result {
  try {
    const object = run()
    const shown = key === 'publishable' ? browserView(object) : object
    return { status: 200, body: JSON.stringify(shown, null, 2) }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { status: error.status, body: errorBody(error, key) }
  }
}

function failed(error: ApiError): Result {
  return { status: error.status, body: errorBody(error, 'secret') }
}

/** Stores the answer under the request's key, if any: including 402 and 500, but never 409 or 429. */
function store(core: Core, { source, path, paramsHash, now }: Execution, { status, body }: Result): Answer {
  const { idempotencyKey: key, requestId } = source
  if (!key || status === 409 || status === 429) return { status, body, headers: headersOf(status) }
  core.idempotency.save(key, path, paramsHash, { status, body, requestId }, now)
  return { status, body, headers: { ...headersOf(status, true), 'Original-Request': requestId } }
}

export function faultError({ status, code, message }: StatusFault): ApiError {
  if (status === 429 && (code === undefined || code === 'rate_limit')) return rateLimited()
  const type = status >= 500 ? 'api_error' : 'invalid_request_error'
  return new ApiError(status, { type, message: message ?? 'An unknown error occurred', ...(code && { code }) })
}

export function errorBody({ body }: ApiError, key: CallerKey): string {
  const intent = body.payment_intent
  const shown = intent && key === 'publishable' ? { ...body, payment_intent: browserView(intent) } : body
  return JSON.stringify({ error: shown }, null, 2)
}

/** @param stored the answer is stored under a key, so Stripe tells its SDKs that a retry changes nothing */
export function headersOf(status: number, stored = false): Record<string, string> {
  if (status === 401) return { 'WWW-Authenticate': 'Basic realm="Stripe"' }
  if (status === 409) return { 'Stripe-Should-Retry': 'true' }
  return stored && status >= 400 ? { 'Stripe-Should-Retry': 'false' } : {}
}
