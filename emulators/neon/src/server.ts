import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { drip, hang } from '@shop/emulator-kit/fault-effects'
import { LOOPBACK, listenOnLoopback } from '@shop/emulator-kit/loopback'
import { TraceCounts } from '@shop/emulator-kit/trace-counts'
import { answer, assertExpected, type Control, type Core, errorAnswer } from './answer.ts'
import type { SqlBackend } from './backend.ts'
import { BadRequest } from './errors.ts'
import { Faults } from './faults.ts'

export type NeonCounts = {
  /** HTTP requests for SQL since the last reset, including refused ones. */
  roundTrips: number
}

export type NeonEmulator = {
  port: number
  /** For `neonConfig.fetchEndpoint`. */
  url: string
  /** For `neon()`: the connection string of a role. */
  connectionString(role: string): string
  counts(): NeonCounts
  /** Round trips per trace, never reset. */
  traces: TraceCounts
  resetCounts(): void
  /** Initially none. */
  faults: Faults
  /** Answers running requests and stops. Does not close the backend. */
  close(): Promise<void>
}

export type NeonOptions = {
  backend: SqlBackend
  /** 0 (the default) chooses a free port. */
  port?: number
  /** Serves `/_control/faults` and `/_control/tables` to other processes. Default: not served. */
  control?: Control
}

const MAX_BODY_BYTES = 64 * 1024 * 1024
const CLOSE_MILLISECONDS = 5000
/** Longer than clients keep idle connections, so that the server does not close one while a request arrives. */
const KEEP_ALIVE_MILLISECONDS = 10 * 60 * 1000

/**
 * Serves Neon's `POST /sql` on 127.0.0.1 for @neondatabase/serverless 1.2.
 *
 * Only HTTP 400 becomes a NeonDbError with `code`, so refusals by Postgres are 400. A backend that does not answer is
 * 503.
 *
 * @throws PortTaken
 */
export async function startNeonEmulator({ backend, port = 0, control }: NeonOptions): Promise<NeonEmulator> {
  let roundTrips = 0
  const stopping = new AbortController()
  const core: Core = { backend, faults: new Faults(), control, stopping: stopping.signal }
  const traces = new TraceCounts()
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MILLISECONDS, noDelay: true }, (request, response) => {
    if (request.url === '/sql') {
      roundTrips += 1
      traces.add(request.headers)
    }
    respond(core, request, response).catch((error: unknown) => {
      // Ignore clients that disconnected.
      if (!request.socket.destroyed) console.error('Neon emulator:', error)
      request.socket.destroy()
    })
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
    faults: core.faults,
    close: () =>
      new Promise((resolve) => {
        stopping.abort()
        const deadline = setTimeout(() => server.closeAllConnections(), CLOSE_MILLISECONDS)
        server.close(() => {
          clearTimeout(deadline)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

async function respond(core: Core, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { headers, url = '/', method = 'GET' } = request
  const outcome = await read(request, headers, url, method).then(
    (body) => answer(core, { method, path: url, headers, body }),
    (error: unknown) => ({ answer: errorAnswer(error), dripMs: 0 }),
  )
  if (outcome === 'cut') return void request.socket.destroy()
  if (outcome === 'hang') return hang(request.socket, core.stopping)
  const { status, body } = outcome.answer
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  if (outcome.dripMs > 0) await drip(response, Buffer.from(body), outcome.dripMs, core.stopping)
  // A string body is sent in one write with the head.
  else response.end(body)
}

async function read(request: IncomingMessage, headers: IncomingHttpHeaders, url: string, method: string) {
  assertExpected({ headers, url, method })
  return readBody(request)
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
