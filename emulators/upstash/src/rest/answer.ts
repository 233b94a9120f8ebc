import { answerFaultControl, FAULTS_PATH } from '@shop/emulator-kit/fault-control'
import { type Outcome, underFault } from '@shop/emulator-kit/fault-effects'
import type { TraceCounts } from '@shop/emulator-kit/trace-counts'
import type { Fault, Faults } from '../faults.ts'
import type { RedisBackend } from '../redis/backend.ts'
import { RedisError } from '../redis/reply.ts'
import { isAuthorized } from './auth.ts'
import { BadRequest, type HttpRequest, parseUpstashRequest, type UpstashRequest } from './request.ts'
import { resultBody } from './response.ts'

/** The parts of one running emulator. */
export interface Core {
  backend: RedisBackend
  token: string
  faults: Faults
  /** Serves `/_control/faults` to other processes. */
  control: boolean
  counts: { requests: number; commands: number }
  traces: TraceCounts
  /** Aborted when the emulator closes. Ends delays; requests are cut from then on. */
  stopping: AbortSignal
}

export type Answer = { status: number; body: string }

/** Refuses other host names: a web page can reach 127.0.0.1 under its own name (DNS rebinding). */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/

/** Answers one request. Returns refusals as answers; never throws. */
export async function answer(core: Core, request: HttpRequest): Promise<Outcome<Answer>> {
  if (core.stopping.aborted) return 'cut'
  const { headers, url } = request
  if (url.pathname !== FAULTS_PATH) {
    core.counts.requests += 1
    core.traces.add(headers)
  }
  if (!LOOPBACK_HOST.test(headers.host ?? '')) return whole(refusal(403, 'ERR address 127.0.0.1 directly'))
  if (!isAuthorized(headers, url.searchParams, core.token)) {
    return whole(refusal(401, 'WRONGPASS invalid or missing auth token'))
  }
  if (core.control && url.pathname === FAULTS_PATH) {
    const result = answerFaultControl(core.faults, { ...request, body: request.body.toString() })
    return whole(json(result.status, result.body))
  }
  try {
    const parsed = parseUpstashRequest(request)
    const names = commandsOf(parsed).map(([name]) => name.toUpperCase())
    core.counts.commands += names.length
    const work = () => execute(core.backend, parsed)
    return await underFault(core.faults.hit(url.pathname, names), work, faultAnswer, core.stopping)
  } catch (error) {
    if (error instanceof BadRequest) return whole(refusal(error.status, error.message))
    const reason = error instanceof Error ? error.message : String(error)
    return whole(refusal(503, `ERR Redis did not answer: ${reason}`))
  }
}

function commandsOf(request: UpstashRequest) {
  return request.kind === 'single' ? [request.command] : request.commands
}

async function execute(backend: RedisBackend, request: UpstashRequest): Promise<Answer> {
  const { encoding } = request
  if (request.kind === 'single') {
    const body = resultBody(await backend.run(request.command), encoding)
    return json('error' in body ? 400 : 200, body)
  }
  if (request.kind === 'transaction') {
    const replies = await backend.transaction(request.commands)
    if (replies instanceof RedisError) return json(400, resultBody(replies, encoding))
    return json(
      200,
      replies.map((reply) => resultBody(reply, encoding)),
    )
  }
  const results = []
  for (const command of request.commands) results.push(resultBody(await backend.run(command), encoding))
  return json(200, results)
}

function faultAnswer({ status, message, body }: Extract<Fault, { kind: 'status' }>): Answer {
  return body === undefined ? refusal(status, message ?? 'ERR injected fault') : { status, body }
}

function whole(answer: Answer): Outcome<Answer> {
  return { answer, dripMs: 0 }
}

export function refusal(status: number, error: string): Answer {
  return json(status, { error })
}

function json(status: number, body: unknown): Answer {
  return { status, body: JSON.stringify(body) }
}
