import type { IncomingHttpHeaders } from 'node:http'
import { type Bytes, type Command, toBytes } from '../redis/reply.ts'
import type { Encoding } from './response.ts'

export type UpstashRequest = { encoding: Encoding } & (
  | { kind: 'single'; command: Command }
  | { kind: 'pipeline' | 'transaction'; commands: readonly Command[] }
)

/** An HTTP request. The body is bytes, because `POST /set/key` may store any. */
export type HttpRequest = { method: string; url: URL; headers: IncomingHttpHeaders; body: Buffer }

/** The request is malformed and does not reach Redis. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest'
  readonly status: number

  constructor(message: string, status = 400) {
    super(message)
    this.status = status
  }
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT'])

/** @throws BadRequest with the reason */
export function parseUpstashRequest({ method, url, headers, body }: HttpRequest): UpstashRequest {
  if (!METHODS.has(method)) throw new BadRequest('ERR only HEAD, GET, POST and PUT are allowed', 405)
  const encoding = headers['upstash-encoding'] === 'base64' ? 'base64' : 'text'
  const path = url.pathname.replace(/\/$/, '')
  if (path === '') return { kind: 'single', encoding, command: parseCommand(parseJson(body)) }
  if (path === '/pipeline') return { kind: 'pipeline', encoding, commands: parseCommands(body) }
  if (path === '/multi-exec') return { kind: 'transaction', encoding, commands: parseCommands(body) }
  return { kind: 'single', encoding, command: commandInPath(path, url.searchParams, body) }
}

/** `POST /set/key?EX=100` with a body is `SET key <body> EX 100`. */
function commandInPath(path: string, query: URLSearchParams, body: Buffer): Command {
  const [name = '', ...segments] = path.slice(1).split('/').map(decoded)
  const value = body.length > 0 ? [body.toString('latin1')] : []
  const options = [...query].filter(([key]) => key !== '_token').flat()
  return [name, ...segments, ...value, ...options.filter((option) => option !== '').map(toBytes)]
}

function decoded(segment: string): Bytes {
  try {
    return toBytes(decodeURIComponent(segment))
  } catch {
    throw new BadRequest(`ERR the path has a malformed escape: ${segment}`)
  }
}

function parseCommands(body: Buffer): Command[] {
  const json = parseJson(body)
  if (!Array.isArray(json) || json.length === 0) throw new BadRequest('ERR the body must be an array of commands')
  return json.map(parseCommand)
}

function parseCommand(json: unknown): Command {
  if (!Array.isArray(json)) throw new BadRequest('ERR a command must be an array: ["SET", "key", "value"]')
  const [name, ...args] = json.map(parseArgument)
  if (name === undefined || name === '') throw new BadRequest('ERR empty command')
  return [name, ...args]
}

function parseArgument(json: unknown): Bytes {
  if (typeof json === 'string') return toBytes(json)
  if (typeof json === 'number' || typeof json === 'boolean' || json === null) return String(json)
  throw new BadRequest('ERR an argument must be a string, a number or a boolean')
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw new BadRequest('ERR failed to parse the body: it is not JSON')
  }
}
