import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { drip, hang, type Outcome } from '@shop/emulator-kit/fault-effects'
import { LOOPBACK } from '@shop/emulator-kit/loopback'
import { type Answer, answer, type Core, refusal } from './answer.ts'

const LARGEST_BODY = 10 * 1024 * 1024
/** Longer than clients keep idle connections, so that the server does not close one while a request arrives. */
const KEEP_ALIVE_MILLISECONDS = 10 * 60 * 1000

export function createUpstashServer(core: Core): Server {
  return createServer({ keepAliveTimeout: KEEP_ALIVE_MILLISECONDS, noDelay: true }, (request, response) => {
    respond(core, request, response).catch((error: unknown) => {
      // Ignore clients that disconnected.
      if (!request.socket.destroyed) console.error('Upstash emulator:', error)
      request.socket.destroy()
    })
  })
}

async function respond(core: Core, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const method = request.method ?? 'GET'
  const path = request.url ?? '/'
  // A path that starts with two slashes would be parsed as a host.
  const url = URL.parse(`http://${LOOPBACK}${path.startsWith('/') ? path : '/'}`) ?? new URL(`http://${LOOPBACK}`)
  const body = await readBody(request)
  const outcome: Outcome<Answer> =
    body === undefined
      ? { answer: refusal(413, 'ERR max request size exceeded'), dripMs: 0 }
      : await answer(core, { method, url, headers: request.headers, body })
  if (outcome === 'cut') return void request.socket.destroy()
  if (outcome === 'hang') return hang(request.socket, core.stopping)
  const bytes = Buffer.from(outcome.answer.body)
  response.writeHead(outcome.answer.status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    'upstash-sync-token': syncToken(request),
  })
  if (outcome.dripMs > 0) await drip(response, bytes, outcome.dripMs, core.stopping)
  else response.end(method === 'HEAD' ? undefined : bytes)
}

/** Echoes the client's token. Tokens let replicas serve a client's own writes, and there is only one engine here. */
function syncToken(request: IncomingMessage): string {
  const sent = request.headers['upstash-sync-token']
  return typeof sent === 'string' && sent !== '' ? sent : 'local'
}

/** @returns undefined when the body is too large; it is read to the end so that the client receives the refusal */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size <= LARGEST_BODY) chunks.push(chunk)
  }
  return size <= LARGEST_BODY ? Buffer.concat(chunks) : undefined
}
