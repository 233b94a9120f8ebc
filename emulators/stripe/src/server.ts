import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { AUTHENTICATE_PATH, answerAuthentication } from './authentication/answer.ts'
import { answerControl } from './control.ts'
import type { Core } from './core.ts'
import type { Answer } from './execute.ts'
import { answer } from './pipeline.ts'

export const HOST = '127.0.0.1'

/** Pieces of a body that is sent slowly. */
const DRIPS = 16

const LARGEST_BODY = 1024 * 1024

/** As Stripe, browsers may call from any page; what they may do is decided by their key. */
const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, POST',
  'Access-Control-Allow-Headers': 'authorization, content-type, idempotency-key, stripe-version',
  'Access-Control-Expose-Headers': 'Request-Id, Idempotent-Replayed, Stripe-Rate-Limited-Reason',
}

/** @param control whether `/_control/…` answers other processes */
export function createStripeServer(core: Core, control: boolean): Server {
  const server = createServer((request, response) => {
    respond(core, control, request, response).catch((error) => {
      // A client that left in the middle is no news.
      if (!request.socket.destroyed) console.error('Stripe emulator:', error)
      request.socket.destroy()
    })
  })
  // Longer than clients keep idle connections: one closed here just as it is used again looks like an outage.
  server.keepAliveTimeout = 65_000
  return server
}

async function respond(
  core: Core,
  control: boolean,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = request.method ?? 'GET'
  const { pathname: path, search, origin } = new URL(request.url ?? '/', `http://${request.headers.host ?? HOST}`)
  const body = await readBody(request)
  if (body === undefined) {
    send(response, {
      status: 413,
      body: '{"error":{"type":"invalid_request_error","message":"Too large."}}',
      headers: {},
    })
    return
  }
  if (control && path.startsWith('/_control/')) {
    send(response, answerControl(core, { method, path, headers: request.headers, body, origin }))
    return
  }
  if (path.startsWith(AUTHENTICATE_PATH)) {
    send(response, answerAuthentication(core, { method, path, headers: request.headers, body, origin }))
    return
  }
  if (method === 'OPTIONS') {
    response.writeHead(204, CORS).end()
    return
  }
  const given = await answer(core, { method, path, query: search.slice(1), headers: request.headers, body, origin })
  if (given === 'cut') request.socket.destroy()
  else await sendSlowly(core, response, { ...given, headers: { ...CORS, ...given.headers } })
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response
    .writeHead(status, { 'Content-Type': 'application/json', ...headers, 'Content-Length': Buffer.byteLength(body) })
    .end(body)
}

/** As `send`, unless a fault wants it in pieces. */
async function sendSlowly(core: Core, response: ServerResponse, answer: Answer): Promise<void> {
  const { status, body, headers, dripMs } = answer
  if (dripMs === undefined) return send(response, answer)
  const bytes = Buffer.from(body)
  const step = Math.ceil(bytes.length / DRIPS)
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers, 'Content-Length': bytes.length })
  response.flushHeaders()
  for (let at = 0; at < bytes.length; at += step) {
    await wait(dripMs / DRIPS, undefined, { signal: core.stopping }).catch(() => undefined)
    if (response.destroyed) return
    response.write(bytes.subarray(at, at + step))
  }
  response.end()
}

/** @returns undefined when it is too large, read to the end all the same so that the refusal can be heard */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size <= LARGEST_BODY) chunks.push(chunk)
  }
  return size <= LARGEST_BODY ? Buffer.concat(chunks).toString() : undefined
}
