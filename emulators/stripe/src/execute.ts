import { type Core, newWork } from './core.ts'
import type { Call, CallerKey, Endpoint } from './endpoint.ts'
import { ApiError, rateLimited } from './errors.ts'
import { expandAnswer, readExpand } from './expand.ts'
import type { Fault } from './faults.ts'
import { browserView } from './payment-intents/intent.ts'

export interface Answer {
  status: number
  body: string
  headers: Record<string, string>
  /** Spreads the body over this time. */
  dripMs?: number
}

/** One authenticated request, ready to be carried out. */
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
 * Checks, works and stores the answer: one transaction, without an await, so that requests never interleave and what
 * was answered is on disk.
 *
 * @throws ApiError for refusals before execution begins, which are not kept under the idempotency key
 */
export function execute(core: Core, execution: Execution): Answer {
  const { endpoint, call, fault, source, origin, now } = execution
  const expand = readExpand(call.form, endpoint.answers, endpoint.list ?? false)
  const { expand: _checked, ...form } = call.form
  const run = endpoint.prepare({ ...call, form })
  const work = newWork(core, source, origin, now)
  const injected = fault?.kind === 'status' ? faultError(fault) : undefined
  if (injected && fault?.kind === 'status' && fault.at === 'during') return keep(core, execution, failed(injected))
  try {
    const given = core.store.transaction(() => {
      const done = outcome(() => expandAnswer(run(work), expand, endpoint.answers, core.store), call.key)
      return keep(core, execution, injected ? failed(injected) : done)
    })
    core.webhooks.kick()
    return given
  } catch (error) {
    console.error('Stripe emulator: a bug, not Stripe behaviour:', error)
    const message = 'The Stripe emulator failed; its log says why.'
    return keep(core, execution, failed(new ApiError(500, { type: 'api_error', message })))
  }
}

interface Outcome {
  status: number
  body: string
}

/** A refusal (or decline) by the execution is an answer like any other: what it recorded is committed with it. */
function outcome(run: () => object, key: CallerKey): Outcome {
  try {
    const object = run()
    const shown = key === 'publishable' ? browserView(object) : object
    return { status: 200, body: JSON.stringify(shown, null, 2) }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { status: error.status, body: errorBody(error, key) }
  }
}

function failed(error: ApiError): Outcome {
  return { status: error.status, body: errorBody(error, 'secret') }
}

/** Stores the answer under the request's key, if it has one: 402 and 500 too, but never 409 or 429. */
function keep(core: Core, { source, path, paramsHash, now }: Execution, { status, body }: Outcome): Answer {
  const { idempotencyKey: key, requestId } = source
  if (!key || status === 409 || status === 429) return { status, body, headers: headersOf(status) }
  core.idempotency.save(key, path, paramsHash, { status, body, requestId }, now)
  return { status, body, headers: { ...headersOf(status, true), 'Original-Request': requestId } }
}

export function faultError({ status, code, message }: Fault & { kind: 'status' }): ApiError {
  if (status === 429 && (code === undefined || code === 'rate_limit')) return rateLimited()
  const type = status >= 500 ? 'api_error' : 'invalid_request_error'
  return new ApiError(status, { type, message: message ?? 'An unknown error occurred', ...(code && { code }) })
}

export function errorBody({ body }: ApiError, key: CallerKey): string {
  const intent = body.payment_intent
  const shown = intent && key === 'publishable' ? { ...body, payment_intent: browserView(intent) } : body
  return JSON.stringify({ error: shown }, null, 2)
}

/** @param stored the answer is kept under a key: Stripe then tells its SDKs that asking again changes nothing */
export function headersOf(status: number, stored = false): Record<string, string> {
  if (status === 401) return { 'WWW-Authenticate': 'Basic realm="Stripe"' }
  if (status === 409) return { 'Stripe-Should-Retry': 'true' }
  return stored && status >= 400 ? { 'Stripe-Should-Retry': 'false' } : {}
}
