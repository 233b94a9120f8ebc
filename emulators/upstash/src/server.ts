import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { drip, type Given } from '@shop/emulator-kit/fault-effects'
import { LOOPBACK } from '@shop/emulator-kit/loopback'
import { type Answer, answer, type Core, refusal } from './answer.ts'

const LARGEST_BODY = 10 * 1024 * 1024
/** Longer than clients keep idle connections: else the server closes one just as a request is sent on it. */
const KEEP_ALIVE_MILLISECONDS = 10 * 60 * 1000

export function createUpstashServer(core: Core): Server {
  return createServer({ keepAliveTimeout: KEEP_ALIVE_MILLISECONDS, noDelay: true }, (request, response) => {
    respond(core, request, response).catch((error: unknown) => {
      // A client that left in the middle is no news.
      if (!request.socket.destroyed) console.error('Upstash emulator:', error)
      request.socket.destroy()
    })
  })
}

async function respond(core: Core, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const method = request.method ?? 'GET'
  const path = request.url ?? '/'
  // A path may start with two slashes, which would else be read as a host.
  const url = URL.parse(`http://${LOOPBACK}${path.startsWith('/') ? path : '/'}`) ?? new URL(`http://${LOOPBACK}`)
  const body = await readBody(request)
  const given: Given<Answer> =
    body === undefined
      ? { answer: refusal(413, 'ERR max request size exceeded'), dripMs: 0 }
      : await answer(core, { method, url, headers: request.headers, body })
  if (given === 'cut') return void request.socket.destroy()
  const bytes = Buffer.from(given.answer.body)
  response.writeHead(given.answer.status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    'upstash-sync-token': syncToken(request),
  })
  if (given.dripMs > 0) await drip(response, bytes, given.dripMs, core.stopping)
  else response.end(method === 'HEAD' ? undefined : bytes)
}

/** Clients send back the last token they were given, to read their own writes; with one engine there is no other. */
function syncToken(request: IncomingMessage): string {
  const sent = request.headers['upstash-sync-token']
  return typeof sent === 'string' && sent !== '' ? sent : 'local'
}

/** @returns undefined when it is too large, read to the end all the same so that the refusal can be heard */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size <= LARGEST_BODY) chunks.push(chunk)
  }
  return size <= LARGEST_BODY ? Buffer.concat(chunks) : undefined
}
