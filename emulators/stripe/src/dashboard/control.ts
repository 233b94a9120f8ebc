import type { IncomingHttpHeaders } from 'node:http'
import { answerFaultControl, FAULTS_PATH } from '@shop/emulator-kit/fault-control'
import { ApiError } from '../api/errors.ts'
import type { DisputeSpec } from '../disputes/dispute.ts'
import type { Core } from '../server/core.ts'
import { type Answer, errorBody } from '../server/execute.ts'
import type { WebhookTarget } from '../webhooks/webhooks.ts'
import { dashboardActions } from './actions.ts'

export interface ControlRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
  origin: string
}

/**
 * The methods of the emulator's handle for other processes. Bodies and answers are JSON:
 *
 * - `GET|DELETE /_control/counts`
 * - `GET|POST|DELETE /_control/faults` with a Fault
 * - `GET /_control/webhooks`: queued deliveries and attempts; `PUT /_control/webhooks {url, secret, enabledEvents?,
 *   payload?}`
 * - `POST /_control/webhooks/pause`, `…/resume`, `…/retry`, `…/drop {count?, type?}`, `…/redeliver {event}`,
 *   `…/delay {ms}`
 * - `POST /_control/settle {payment_intent, outcome: 'succeed' | 'fail'}`
 * - `POST /_control/authenticate {payment_intent, outcome: 'complete' | 'fail'}`
 * - `POST /_control/authenticate_setup {setup_intent, outcome: 'complete' | 'fail'}`
 * - `POST /_control/settle_refund {refund, outcome: 'succeed' | 'fail'}`
 * - `POST /_control/open_dispute {charge, amount?, reason?, isInquiry?}`,
 *   `POST /_control/close_dispute {dispute, outcome: 'won' | 'lost'}`
 * - `PUT /_control/rate_limit {per_second?}`, `PUT /_control/search {lag_seconds}`
 * - `GET /_control/clock`, `POST /_control/clock {advance_ms}`
 */
export function answerControl(core: Core, request: ControlRequest): Answer {
  if (request.path === FAULTS_PATH) {
    const { status, body } = answerFaultControl(core.faults, request)
    return json(status, body)
  }
  // A web page can post to 127.0.0.1 too. Browsers send an Origin header; tests do not.
  if (request.headers.origin !== undefined) return json(403, { error: 'Not for browsers.' })
  const action = ACTIONS[`${request.method} ${request.path.slice('/_control/'.length)}`]
  if (!action) return json(404, { error: `Unknown: ${request.method} ${request.path}` })
  try {
    return json(200, action(core, request.body === '' ? {} : JSON.parse(request.body), request) ?? { ok: true })
  } catch (error) {
    if (error instanceof ApiError) return { status: error.status, body: errorBody(error, 'secret'), headers: {} }
    return json(400, { error: error instanceof Error ? error.message : String(error) })
  }
}

/** Bodies come from this machine's tests, so only their `outcome` is validated. */
type Body = WebhookTarget & DropRequest & DisputeSpec & Named & Amounts
type DropRequest = { count?: number; type?: string }
type Amounts = { ms?: number; advance_ms: number; per_second?: number; lag_seconds: number }
type Named = Record<'event' | 'payment_intent' | 'setup_intent' | 'refund' | 'charge' | 'dispute' | 'outcome', string>

const ACTIONS: Record<string, (core: Core, body: Body, request: ControlRequest) => unknown> = {
  'GET counts': ({ counts }) => counts.byEndpoint(),
  'DELETE counts': ({ counts }) => counts.reset(),
  'GET webhooks': ({ webhooks }) => ({ pending: webhooks.pending(), attempts: webhooks.attempts() }),
  'PUT webhooks': ({ webhooks }, { url, secret, enabledEvents, payload }) =>
    webhooks.setTarget({ url, secret, ...(enabledEvents && { enabledEvents }), ...(payload && { payload }) }),
  'POST webhooks/pause': ({ webhooks }) => webhooks.pause(),
  'POST webhooks/resume': ({ webhooks }) => webhooks.resume(),
  'POST webhooks/retry': ({ webhooks }) => webhooks.retryNow(),
  'POST webhooks/drop': ({ webhooks }, { count, type }) => webhooks.dropNext(count, type),
  'POST webhooks/redeliver': ({ webhooks }, { event }) => webhooks.redeliver(event),
  'POST webhooks/delay': ({ webhooks }, { ms }) => webhooks.delayBy(ms ?? 0),
  'POST settle': (core, { payment_intent, outcome }, { origin }) =>
    dashboardActions(core, origin).settle(payment_intent, oneOf(outcome, 'succeed', 'fail')),
  'POST authenticate': (core, { payment_intent, outcome }, { origin }) =>
    dashboardActions(core, origin).authenticate(payment_intent, oneOf(outcome, 'complete', 'fail')),
  'POST authenticate_setup': (core, { setup_intent, outcome }, { origin }) =>
    dashboardActions(core, origin).authenticateSetup(setup_intent, oneOf(outcome, 'complete', 'fail')),
  'POST settle_refund': (core, { refund, outcome }, { origin }) =>
    dashboardActions(core, origin).settleRefund(refund, oneOf(outcome, 'succeed', 'fail')),
  'POST open_dispute': (core, { charge, amount, reason, isInquiry }, { origin }) =>
    dashboardActions(core, origin).openDispute(charge, { amount, reason, isInquiry }),
  'POST close_dispute': (core, { dispute, outcome }, { origin }) =>
    dashboardActions(core, origin).closeDispute(dispute, oneOf(outcome, 'won', 'lost')),
  'PUT rate_limit': ({ rateLimit }, { per_second }) => {
    rateLimit.perSecond = per_second
  },
  'PUT search': ({ settings }, { lag_seconds }) => {
    settings.searchLagSeconds = lag_seconds
  },
  'GET clock': (core) => clockView(core),
  'POST clock': (core, { advance_ms }, { origin }) => {
    dashboardActions(core, origin).advanceClock(advance_ms)
    return clockView(core)
  },
}

function oneOf<const T extends string>(value: string, ...choices: T[]): T {
  const choice = choices.find((candidate) => candidate === value)
  if (choice !== undefined) return choice
  throw new RangeError(`One of ${choices.join(', ')}, not ${value}`)
}

function clockView({ clock }: Core) {
  return { now: clock.now().toISOString(), ahead_ms: clock.aheadMs() }
}

function json(status: number, body: unknown): Answer {
  return { status, body: JSON.stringify(body), headers: {} }
}
