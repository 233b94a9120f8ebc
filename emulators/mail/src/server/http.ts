import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { answerFaultControl, FAULTS_PATH } from '@shop/emulator-kit/fault-control'
import { drip, hang, type Outcome, underFault } from '@shop/emulator-kit/fault-effects'
import { LOOPBACK } from '@shop/emulator-kit/loopback'
import type { Faults } from '../faults.ts'
import { alone, answerApi, faultAnswer, isApiPath, keyOf } from '../resend/api.ts'
import { type Answer, jsonAnswer } from './answer.ts'
import { answerSite, type Site } from './site.ts'

const LARGEST_BODY = 4 * 1024 * 1024
/** Longer than clients keep idle connections. A connection closed during reuse would look like an outage. */
const KEEP_ALIVE_MILLISECONDS = 65_000

export type MailCore = Site & {
  apiKey: string
  faults: Faults
  now: () => Date
  /** Serves `/_control/faults` to other processes. */
  control: boolean
  /** Aborted when the emulator closes. */
  stopping: AbortSignal
}

export function createMailServer(core: MailCore): Server {
  const running = new Set<string>()
  return createServer({ keepAliveTimeout: KEEP_ALIVE_MILLISECONDS }, (request, response) => {
    respond(core, running, request, response).catch((error) => {
      // Ignore clients that disconnected.
      if (!request.socket.destroyed) console.error('Mail emulator:', error)
      request.socket.destroy()
    })
  })
}

async function respond(core: MailCore, running: Set<string>, request: IncomingMessage, response: ServerResponse) {
  const { headers, method = 'GET' } = request
  const url = new URL(request.url ?? '/', `http://${headers.host ?? LOOPBACK}`)
  const body = await readBody(request)
  if (body === undefined) return send(response, jsonAnswer(413, { message: 'Too large' }))
  if (core.control && url.pathname === FAULTS_PATH) {
    const { status, body: answered } = answerFaultControl(core.faults, { method, headers, body })
    return send(response, jsonAnswer(status, answered))
  }
  if (!isApiPath(url.pathname)) return send(response, await answerSite(core, { method, url, headers, body }))
  const api = { method, path: url.pathname, headers, body }
  const fault = method === 'POST' ? core.faults.hit() : undefined
  const outcome = await alone<Outcome<Answer>>(running, keyOf(api), {
    work: () => underFault(fault, () => answerApi(core, api), faultAnswer, core.stopping),
    refuse: (answer) => ({ answer, dripMs: 0 }),
  })
  if (outcome === 'cut') return void request.socket.destroy()
  if (outcome === 'hang') return hang(request.socket, core.stopping)
  if (outcome.dripMs === 0) return send(response, outcome.answer)
  response.writeHead(outcome.answer.status, outcome.answer.headers)
  await drip(response, Buffer.from(outcome.answer.body), outcome.dripMs, core.stopping)
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response
    .writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body), 'x-content-type-options': 'nosniff' })
    .end(body)
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
