import type { IncomingHttpHeaders } from 'node:http'
import { type BatchOptions, ISOLATION_LEVELS, type IsolationLevel, type Statement } from './backend.ts'
import { BadRequest } from './errors.ts'
import { toParam } from './params.ts'

export type RowFormat = {
  /** Neon-Raw-Text-Output: values stay in Postgres's text format. */
  rawText: boolean
  /** Neon-Array-Mode: rows are arrays instead of objects. */
  arrayMode: boolean
}

export type NeonRequest = { role: string } & (
  | { kind: 'single'; statement: Statement; format: RowFormat }
  | { kind: 'batch'; statements: Statement[]; options: BatchOptions; format: RowFormat }
)

/** @throws BadRequest with the reason */
export function parseNeonRequest(headers: IncomingHttpHeaders, body: string): NeonRequest {
  const role = roleOf(headers['neon-connection-string'])
  const format = { rawText: flag(headers, 'neon-raw-text-output'), arrayMode: flag(headers, 'neon-array-mode') }
  const json = parseJson(body)
  if (!isObject(json)) throw new BadRequest('The body must be a JSON object: {"query", "params"} or {"queries": […]}')
  if (json.queries === undefined) return { kind: 'single', role, statement: parseStatement(json, 'the body'), format }
  if (!Array.isArray(json.queries)) throw new BadRequest('"queries" must be an array')
  const statements = json.queries.map((query, index) => parseStatement(query, `queries[${index}]`))
  return { kind: 'batch', role, statements, options: batchOptions(headers), format }
}

/** The user of the connection string. Host, password and database are ignored, because there is one database. */
function roleOf(connectionString: string | string[] | undefined): string {
  if (typeof connectionString !== 'string') throw new BadRequest('The header Neon-Connection-String is missing')
  const url = connectionString.match(/^postgres(?:ql)?:(\/\/.*)$/)?.[1]
  const role = url && URL.canParse(`http:${url}`) ? decoded(new URL(`http:${url}`).username) : ''
  if (role === '') throw new BadRequest('Neon-Connection-String must look like postgres://role@host/database')
  if (role.includes('\0')) throw new BadRequest('The role in Neon-Connection-String contains a NUL')
  return role
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

function parseStatement(json: unknown, where: string): Statement {
  if (!isObject(json) || typeof json.query !== 'string')
    throw new BadRequest(`There must be a string "query" in ${where}`)
  const { query, params = [] } = json
  // A statement ends at the first NUL in Postgres's protocol, so the rest would be parsed as another message.
  if (query.includes('\0')) throw new BadRequest(`The query of ${where} contains a NUL`)
  if (params !== null && !Array.isArray(params)) throw new BadRequest(`"params" of ${where} must be an array`)
  return { text: query, params: (params ?? []).map(toParam) }
}

function batchOptions(headers: IncomingHttpHeaders): BatchOptions {
  const level = headers['neon-batch-isolation-level']
  if (level !== undefined && !isIsolationLevel(level)) {
    throw new BadRequest(`Neon-Batch-Isolation-Level must be one of ${Object.keys(ISOLATION_LEVELS).join(', ')}`)
  }
  return {
    ...(level === undefined ? {} : { isolationLevel: level }),
    readOnly: flag(headers, 'neon-batch-read-only'),
    deferrable: flag(headers, 'neon-batch-deferrable'),
  }
}

function isIsolationLevel(level: string | string[]): level is IsolationLevel {
  return typeof level === 'string' && Object.hasOwn(ISOLATION_LEVELS, level)
}

function flag(headers: IncomingHttpHeaders, name: string): boolean {
  return headers[name] === 'true'
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new BadRequest('The body is not JSON')
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
