import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { LOOPBACK, listenOnLoopback } from '../process/free-port.ts'
import { TraceCounts } from '../trace-counts.ts'
import type { SqlBackend } from './backend.ts'
import { BadRequest, isPostgresError, postgresErrorBody } from './errors.ts'
import { parseNeonRequest } from './request.ts'
import { resultBody } from './response.ts'

export type NeonCounts = {
  /** HTTP requests for SQL since the last reset, refused ones included: what each caller waited for. */
  roundTrips: number
}

export type NeonServer = {
  port: number
  /** For `neonConfig.fetchEndpoint`. */
  url: string
  /** For `neon()`: names the role to run as. */
  connectionString(role: string): string
  counts(): NeonCounts
  /** The same by trace, of all time. */
  traces: TraceCounts
  resetCounts(): void
  /** Answers what is running, then ends. Does not close the backend. */
  close(): Promise<void>
}

/** `port` 0 (the default) takes a free one. */
export type NeonServerOptions = { backend: SqlBackend; port?: number }

const MAX_BODY_BYTES = 64 * 1024 * 1024
const CLOSE_MILLISECONDS = 5000
/** Longer than clients keep idle connections: else the server closes one just as a request is sent on it. */
const KEEP_ALIVE_MILLISECONDS = 10 * 60 * 1000
/** A web page can make a browser send here under its own host name (DNS rebinding), and roles need no password. */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/

/**
 * Serves Neon's `POST /sql` on 127.0.0.1, as @neondatabase/serverless 1.2 speaks it.
 *
 * Only HTTP 400 becomes a NeonDbError with `code`, so each refusal by Postgres is a 400; a backend that cannot be
 * reached is a 503.
 *
 * @throws PortTaken
 */
export async function startNeonServer({ backend, port = 0 }: NeonServerOptions): Promise<NeonServer> {
  let roundTrips = 0
  const traces = new TraceCounts()
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MILLISECONDS, noDelay: true }, (request, response) => {
    if (request.url === '/sql') {
      roundTrips += 1
      traces.add(request.headers)
    }
    answer(backend, request).then(
      (body) => send(response, 200, body),
      (error: unknown) => sendError(response, error),
    )
  })
  const bound = await listenOnLoopback(server, port, 'the Neon endpoint')
  return {
    port: bound,
    url: `http://${LOOPBACK}:${bound}/sql`,
    connectionString: (role) => `postgres://${encodeURIComponent(role)}@${LOOPBACK}:${bound}/postgres`,
    counts: () => ({ roundTrips }),
    traces,
    resetCounts: () => {
      roundTrips = 0
    },
    close: () =>
      new Promise((resolve) => {
        const impatient = setTimeout(() => server.closeAllConnections(), CLOSE_MILLISECONDS)
        server.close(() => {
          clearTimeout(impatient)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

async function answer(backend: SqlBackend, request: IncomingMessage): Promise<unknown> {
  if (!LOOPBACK_HOST.test(request.headers.host ?? '')) throw new BadRequest('Ask for 127.0.0.1 by its address', 403)
  if (request.url !== '/sql') throw new BadRequest('This is a Neon SQL endpoint: POST /sql', 404)
  if (request.method !== 'POST') throw new BadRequest('Send SQL with POST', 405)
  const asked = parseNeonRequest(request.headers, await readBody(request))
  if (asked.kind === 'single') return resultBody(await backend.single(asked.role, asked.statement), asked.format)
  const results = await backend.batch(asked.role, asked.statements, asked.options)
  return { results: results.map((result) => resultBody(result, asked.format)) }
}

function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const tooLarge = () => reject(new BadRequest(`The body is larger than ${MAX_BODY_BYTES} bytes`, 413))
    if (Number(request.headers['content-length']) > MAX_BODY_BYTES) return tooLarge()
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk)
      else tooLarge()
    })
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    request.on('error', reject)
  })
}

function sendError(response: ServerResponse, error: unknown): void {
  if (error instanceof BadRequest) send(response, error.status, { message: error.message })
  else if (isPostgresError(error)) send(response, 400, postgresErrorBody(error))
  else send(response, 503, { message: `The local database gave no answer: ${String(error)}` })
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length })
  response.end(bytes)
}
