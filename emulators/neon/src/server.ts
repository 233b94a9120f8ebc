import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { drip } from '@shop/emulator-kit/fault-effects'
import { LOOPBACK, listenOnLoopback } from '@shop/emulator-kit/loopback'
import { TraceCounts } from '@shop/emulator-kit/trace-counts'
import { answer, assertMeant, type Control, type Core, errorAnswer } from './answer.ts'
import type { SqlBackend } from './backend.ts'
import { BadRequest } from './errors.ts'
import { Faults } from './faults.ts'

export type NeonCounts = {
  /** HTTP requests for SQL since the last reset, refused ones included: what each caller waited for. */
  roundTrips: number
}

export type NeonEmulator = {
  port: number
  /** For `neonConfig.fetchEndpoint`. */
  url: string
  /** For `neon()`: names the role to run as. */
  connectionString(role: string): string
  counts(): NeonCounts
  /** The same by trace, of all time. */
  traces: TraceCounts
  resetCounts(): void
  /** What goes wrong, nothing unless added. */
  faults: Faults
  /** Answers what is running, then ends. Does not close the backend. */
  close(): Promise<void>
}

/** `port` 0 (the default) takes a free one. */
export type NeonOptions = {
  backend: SqlBackend
  port?: number
  /** Left out, `/_control/faults` and `/_control/tables` answer nobody. */
  control?: Control
}

const MAX_BODY_BYTES = 64 * 1024 * 1024
const CLOSE_MILLISECONDS = 5000
/** Longer than clients keep idle connections: else the server closes one just as a request is sent on it. */
const KEEP_ALIVE_MILLISECONDS = 10 * 60 * 1000

/**
 * Serves Neon's `POST /sql` on 127.0.0.1, as @neondatabase/serverless 1.2 speaks it.
 *
 * Only HTTP 400 becomes a NeonDbError with `code`, so each refusal by Postgres is a 400; a backend that cannot be
 * reached is a 503.
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
      // A client that left in the middle is no news.
      if (!request.socket.destroyed) console.error('Neon endpoint:', error)
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
        const impatient = setTimeout(() => server.closeAllConnections(), CLOSE_MILLISECONDS)
        server.close(() => {
          clearTimeout(impatient)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

async function respond(core: Core, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { headers, url = '/', method = 'GET' } = request
  const given = await read(request, headers, url, method).then(
    (body) => answer(core, { method, path: url, headers, body }),
    (error: unknown) => ({ answer: errorAnswer(error), dripMs: 0 }),
  )
  if (given === 'cut') return void request.socket.destroy()
  const { status, body } = given.answer
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  if (given.dripMs > 0) await drip(response, Buffer.from(body), given.dripMs, core.stopping)
  // As text: head and body then leave in one write.
  else response.end(body)
}

async function read(request: IncomingMessage, headers: IncomingHttpHeaders, url: string, method: string) {
  assertMeant({ headers, url, method })
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
