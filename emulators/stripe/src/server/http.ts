import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { drip, hang } from '@shop/emulator-kit/fault-effects'
import { LOOPBACK } from '@shop/emulator-kit/loopback'
import { AUTHENTICATE_PATH, answerAuthentication } from '../authentication/answer.ts'
import { answerControl } from '../dashboard/control.ts'
import type { Core } from './core.ts'
import type { Answer } from './execute.ts'
import { answer } from './pipeline.ts'

const LARGEST_BODY = 1024 * 1024
/** Longer than clients keep idle connections. A connection closed during reuse would look like an outage. */
const KEEP_ALIVE_MILLISECONDS = 65_000

/** Like Stripe, lets browsers call from any page. Their key limits what they may do. */
const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, POST',
  'Access-Control-Allow-Headers': 'authorization, content-type, idempotency-key, stripe-version',
  'Access-Control-Expose-Headers': 'Request-Id, Idempotent-Replayed, Stripe-Rate-Limited-Reason',
}

/** @param control serves `/_control/…` to other processes */
export function createStripeServer(core: Core, control: boolean): Server {
  return createServer({ keepAliveTimeout: KEEP_ALIVE_MILLISECONDS }, (request, response) => {
    respond(core, control, request, response).catch((error) => {
      // Ignore clients that disconnected.
      if (!request.socket.destroyed) console.error('Stripe emulator:', error)
      request.socket.destroy()
    })
  })
}

async function respond(
  core: Core,
  control: boolean,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = request.method ?? 'GET'
  const { headers } = request
  const { pathname: path, search, origin } = new URL(request.url ?? '/', `http://${headers.host ?? LOOPBACK}`)
  const body = await readBody(request)
  if (body === undefined) return send(response, TOO_LARGE)
  if (control && path.startsWith('/_control/')) {
    return send(response, answerControl(core, { method, path, headers, body, origin }))
  }
  if (path.startsWith(AUTHENTICATE_PATH)) {
    return send(response, answerAuthentication(core, { method, path, headers, body, origin }))
  }
  if (method === 'OPTIONS') return void response.writeHead(204, CORS).end()
  const outcome = await answer(core, { method, path, query: search.slice(1), headers, body, origin })
  if (outcome === 'cut') return void request.socket.destroy()
  if (outcome === 'hang') return hang(request.socket, core.stopping)
  const withCors = { ...outcome.answer, headers: { ...CORS, ...outcome.answer.headers } }
  if (outcome.dripMs === 0) return send(response, withCors)
  writeHead(response, withCors)
  await drip(response, Buffer.from(withCors.body), outcome.dripMs, core.stopping)
}

const TOO_LARGE: Answer = {
  status: 413,
  body: '{"error":{"type":"invalid_request_error","message":"Too large."}}',
  headers: {},
}

function send(response: ServerResponse, answer: Answer): void {
  writeHead(response, answer).end(answer.body)
}

function writeHead(response: ServerResponse, { status, body, headers }: Answer): ServerResponse {
  const length = Buffer.byteLength(body)
  return response.writeHead(status, { 'Content-Type': 'application/json', ...headers, 'Content-Length': length })
}

/** @returns undefined when the body is too large; it is read to the end so that the client receives the refusal */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size <= LARGEST_BODY) chunks.push(chunk)
  }
  return size <= LARGEST_BODY ? Buffer.concat(chunks).toString() : undefined
}
