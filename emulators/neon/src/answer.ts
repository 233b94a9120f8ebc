import type { IncomingHttpHeaders } from 'node:http'
import { answerFaultControl, FAULTS_PATH } from '@shop/emulator-kit/fault-control'
import { type Outcome, underFault } from '@shop/emulator-kit/fault-effects'
import type { SqlBackend } from './backend.ts'
import { BadRequest, isPostgresError, postgresErrorBody } from './errors.ts'
import type { Fault, Faults } from './faults.ts'
import { type NeonRequest, parseNeonRequest } from './request.ts'
import { resultBody } from './response.ts'
import { overview } from './tables.ts'

export type HttpRequest = { method: string; path: string; headers: IncomingHttpHeaders; body: string }
export type Answer = { status: number; body: string }

/** The parts of one running emulator. */
export type Core = { backend: SqlBackend; faults: Faults; control: Control | undefined; stopping: AbortSignal }

/** Settings of `/_control/…` for other processes. */
export type Control = {
  /** A role that may read all tables. */
  adminRole: string
}

export const TABLES_PATH = '/_control/tables'

const NOT_SQL = 'This is a Neon SQL endpoint: POST /sql'
/**
 * Refuses other host names: a web page can reach 127.0.0.1 under its own name (DNS rebinding), and roles need no
 * password.
 */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/

/** @throws BadRequest for a request that is not for this endpoint; call it before reading the body */
export function assertExpected({
  headers,
  url,
  method,
}: {
  headers: IncomingHttpHeaders
  url: string
  method: string
}) {
  if (!LOOPBACK_HOST.test(headers.host ?? '')) throw new BadRequest('Address 127.0.0.1 directly', 403)
  if (url === FAULTS_PATH || url === TABLES_PATH) return
  if (url !== '/sql') throw new BadRequest(NOT_SQL, 404)
  if (method !== 'POST') throw new BadRequest('Send SQL with POST', 405)
}

/** Answers one request. Returns refusals as answers; never throws. */
export async function answer(core: Core, request: HttpRequest): Promise<Outcome<Answer>> {
  try {
    if (request.path !== '/sql') return { answer: await control(core, request), dripMs: 0 }
    const parsed = parseNeonRequest(request.headers, request.body)
    const work = () => execute(core.backend, parsed).catch(errorAnswer)
    return await underFault(core.faults.hit(parsed), work, faultAnswer, core.stopping)
  } catch (error) {
    return { answer: errorAnswer(error), dripMs: 0 }
  }
}

/** Answers refusals by Postgres with 400, because only HTTP 400 becomes a NeonDbError with `code`. */
export function errorAnswer(error: unknown): Answer {
  if (error instanceof BadRequest) return json(error.status, { message: error.message })
  if (isPostgresError(error)) return json(400, postgresErrorBody(error))
  return json(503, { message: `The database behind the Neon emulator did not answer: ${String(error)}` })
}

async function execute(backend: SqlBackend, request: NeonRequest): Promise<Answer> {
  if (request.kind === 'single') {
    return json(200, resultBody(await backend.single(request.role, request.statement), request.format))
  }
  const results = await backend.batch(request.role, request.statements, request.options)
  return json(200, { results: results.map((result) => resultBody(result, request.format)) })
}

function faultAnswer({ status, code, message, body }: Extract<Fault, { kind: 'status' }>): Answer {
  if (body !== undefined) return { status, body }
  const sqlstate = code === undefined ? {} : { code, severity: 'ERROR' }
  return json(status, { message: message ?? 'injected fault', ...sqlstate })
}

async function control({ control, backend, faults }: Core, request: HttpRequest): Promise<Answer> {
  if (control === undefined) throw new BadRequest(NOT_SQL, 404)
  if (request.path === TABLES_PATH) return json(200, await overview(backend, control.adminRole))
  const { status, body } = answerFaultControl(faults, request)
  return json(status, body)
}

function json(status: number, body: unknown): Answer {
  return { status, body: JSON.stringify(body) }
}
