import { setTimeout as wait } from 'node:timers/promises'
import type { TraceCounts } from '../trace-counts.ts'
import { isAuthorized } from './auth.ts'
import type { RedisBackend } from './backend.ts'
import type { Fault, Faults } from './faults.ts'
import { RedisError } from './reply.ts'
import { BadRequest, type HttpRequest, parseUpstashRequest, type UpstashRequest } from './request.ts'
import { resultBody } from './response.ts'

/** The parts of one running stand-in. */
export interface Core {
  backend: RedisBackend
  token: string
  faults: Faults
  counts: { requests: number; commands: number }
  traces: TraceCounts
  /** Aborted when the stand-in closes: a delay ends then, and nothing is answered any more. */
  stopping: AbortSignal
}

export type Answer = { status: number; body: string }

/** A web page can make a browser send here under its own host name (DNS rebinding). */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/

/** Answers one request; `'cut'` asks for the connection to be closed without an answer. */
export async function answer(core: Core, request: HttpRequest): Promise<Answer | 'cut'> {
  if (core.stopping.aborted) return 'cut'
  core.counts.requests += 1
  core.traces.add(request.headers)
  const { headers, url } = request
  if (!LOOPBACK_HOST.test(headers.host ?? '')) return refusal(403, 'ERR ask for 127.0.0.1 by its address')
  if (!isAuthorized(headers, url.searchParams, core.token)) {
    return refusal(401, 'WRONGPASS invalid or missing auth token')
  }
  try {
    const asked = parseUpstashRequest(request)
    const names = commandsOf(asked).map(([name]) => name.toUpperCase())
    core.counts.commands += names.length
    return await withFault(core, core.faults.take(url.pathname, names), () => execute(core.backend, asked))
  } catch (error) {
    if (error instanceof BadRequest) return refusal(error.status, error.message)
    return refusal(503, `ERR Redis gave no answer: ${error instanceof Error ? error.message : String(error)}`)
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

async function withFault(
  { stopping }: Core,
  fault: Fault | undefined,
  work: () => Promise<Answer>,
): Promise<Answer | 'cut'> {
  // Ends early when the stand-in closes.
  const pause = (ms: number) => wait(ms, undefined, { signal: stopping }).catch(() => undefined)
  if (fault?.kind === 'cut_before') return 'cut'
  if (fault?.kind === 'delay' && fault.at !== 'after') await pause(fault.ms)
  if (stopping.aborted) return 'cut'
  if (fault?.kind === 'status' && fault.at !== 'after') return faultAnswer(fault)
  const given = await work()
  if (fault?.kind === 'delay' && fault.at === 'after') await pause(fault.ms)
  if (fault?.kind === 'status') return faultAnswer(fault)
  return fault?.kind === 'cut_after' || stopping.aborted ? 'cut' : given
}

function faultAnswer({ status, message, body }: Extract<Fault, { kind: 'status' }>): Answer {
  return body === undefined ? refusal(status, message ?? 'ERR injected fault') : { status, body }
}

export function refusal(status: number, error: string): Answer {
  return json(status, { error })
}

function json(status: number, body: unknown): Answer {
  return { status, body: JSON.stringify(body) }
}
