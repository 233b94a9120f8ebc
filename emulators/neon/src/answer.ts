import type { IncomingHttpHeaders } from 'node:http'
import { answerFaultControl, FAULTS_PATH } from '@shop/emulator-kit/fault-control'
import { type Given, underFault } from '@shop/emulator-kit/fault-effects'
import type { SqlBackend } from './backend.ts'
import { BadRequest, isPostgresError, postgresErrorBody } from './errors.ts'
import type { Fault, Faults } from './faults.ts'
import { type NeonRequest, parseNeonRequest } from './request.ts'
import { resultBody } from './response.ts'
import { overview } from './tables.ts'

export type HttpRequest = { method: string; path: string; headers: IncomingHttpHeaders; body: string }
export type Answer = { status: number; body: string }

/** The parts of one running endpoint. */
export type Core = { backend: SqlBackend; faults: Faults; control: Control | undefined; stopping: AbortSignal }

/** What `/_control/…` may do for other processes. */
export type Control = {
  /** A role that may read every table. */
  adminRole: string
}

export const TABLES_PATH = '/_control/tables'

const NOT_SQL = 'This is a Neon SQL endpoint: POST /sql'
/** A web page can make a browser send here under its own host name (DNS rebinding), and roles need no password. */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/

/** Refuses what is not for this endpoint, before its body is read. */
export function assertMeant({ headers, url, method }: { headers: IncomingHttpHeaders; url: string; method: string }) {
  if (!LOOPBACK_HOST.test(headers.host ?? '')) throw new BadRequest('Ask for 127.0.0.1 by its address', 403)
  if (url === FAULTS_PATH || url === TABLES_PATH) return
  if (url !== '/sql') throw new BadRequest(NOT_SQL, 404)
  if (method !== 'POST') throw new BadRequest('Send SQL with POST', 405)
}

/** Answers one request. What is refused is an answer too; nothing is thrown. */
export async function answer(core: Core, request: HttpRequest): Promise<Given<Answer>> {
  try {
    if (request.path !== '/sql') return { answer: await control(core, request), dripMs: 0 }
    const asked = parseNeonRequest(request.headers, request.body)
    const work = () => execute(core.backend, asked).catch(errorAnswer)
    return await underFault(core.faults.take(asked), work, faultAnswer, core.stopping)
  } catch (error) {
    return { answer: errorAnswer(error), dripMs: 0 }
  }
}

/** Only HTTP 400 becomes a NeonDbError with `code`, so each refusal by Postgres is a 400. */
export function errorAnswer(error: unknown): Answer {
  if (error instanceof BadRequest) return json(error.status, { message: error.message })
  if (isPostgresError(error)) return json(400, postgresErrorBody(error))
  return json(503, { message: `The database behind the Neon emulator gave no answer: ${String(error)}` })
}

async function execute(backend: SqlBackend, asked: NeonRequest): Promise<Answer> {
  if (asked.kind === 'single') {
    return json(200, resultBody(await backend.single(asked.role, asked.statement), asked.format))
  }
  const results = await backend.batch(asked.role, asked.statements, asked.options)
  return json(200, { results: results.map((result) => resultBody(result, asked.format)) })
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
