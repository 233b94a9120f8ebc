import { answerFaultControl, FAULTS_PATH } from '@shop/emulator-kit/fault-control'
import { type Given, underFault } from '@shop/emulator-kit/fault-effects'
import type { TraceCounts } from '@shop/emulator-kit/trace-counts'
import { isAuthorized } from './auth.ts'
import type { RedisBackend } from './backend.ts'
import type { Fault, Faults } from './faults.ts'
import { RedisError } from './reply.ts'
import { BadRequest, type HttpRequest, parseUpstashRequest, type UpstashRequest } from './request.ts'
import { resultBody } from './response.ts'

/** The parts of one running emulator. */
export interface Core {
  backend: RedisBackend
  token: string
  faults: Faults
  /** Whether `/_control/faults` answers other processes. */
  control: boolean
  counts: { requests: number; commands: number }
  traces: TraceCounts
  /** Aborted when the emulator closes: a delay ends then, and nothing is answered any more. */
  stopping: AbortSignal
}

export type Answer = { status: number; body: string }

/** A web page can make a browser send here under its own host name (DNS rebinding). */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/

/** Answers one request. What is refused is an answer too; nothing is thrown. */
export async function answer(core: Core, request: HttpRequest): Promise<Given<Answer>> {
  if (core.stopping.aborted) return 'cut'
  const { headers, url } = request
  if (url.pathname !== FAULTS_PATH) {
    core.counts.requests += 1
    core.traces.add(headers)
  }
  if (!LOOPBACK_HOST.test(headers.host ?? '')) return whole(refusal(403, 'ERR ask for 127.0.0.1 by its address'))
  if (!isAuthorized(headers, url.searchParams, core.token)) {
    return whole(refusal(401, 'WRONGPASS invalid or missing auth token'))
  }
  if (core.control && url.pathname === FAULTS_PATH) {
    const given = answerFaultControl(core.faults, { ...request, body: request.body.toString() })
    return whole(json(given.status, given.body))
  }
  try {
    const asked = parseUpstashRequest(request)
    const names = commandsOf(asked).map(([name]) => name.toUpperCase())
    core.counts.commands += names.length
    const work = () => execute(core.backend, asked)
    return await underFault(core.faults.take(url.pathname, names), work, faultAnswer, core.stopping)
  } catch (error) {
    if (error instanceof BadRequest) return whole(refusal(error.status, error.message))
    const reason = error instanceof Error ? error.message : String(error)
    return whole(refusal(503, `ERR Redis gave no answer: ${reason}`))
  }
}

function commandsOf(asked: UpstashRequest) {
  return asked.kind === 'single' ? [asked.command] : asked.commands
}

async function execute(backend: RedisBackend, asked: UpstashRequest): Promise<Answer> {
  const { encoding } = asked
  if (asked.kind === 'single') {
    const body = resultBody(await backend.run(asked.command), encoding)
    return json('error' in body ? 400 : 200, body)
  }
  if (asked.kind === 'transaction') {
    const replies = await backend.transaction(asked.commands)
    if (replies instanceof RedisError) return json(400, resultBody(replies, encoding))
    return json(
      200,
      replies.map((reply) => resultBody(reply, encoding)),
    )
  }
  const results = []
  for (const command of asked.commands) results.push(resultBody(await backend.run(command), encoding))
  return json(200, results)
}

function faultAnswer({ status, message, body }: Extract<Fault, { kind: 'status' }>): Answer {
  return body === undefined ? refusal(status, message ?? 'ERR injected fault') : { status, body }
}

function whole(answer: Answer): Given<Answer> {
  return { answer, dripMs: 0 }
}

export function refusal(status: number, error: string): Answer {
  return json(status, { error })
}

function json(status: number, body: unknown): Answer {
  return { status, body: JSON.stringify(body) }
}
