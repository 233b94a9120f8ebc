import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { guarded } from '../src/guard.ts'
import {
  addCalls,
  callCount,
  countCall,
  isCallBudgetSpent,
  withInvocation,
  withLimitedCalls,
} from '../src/invocation.ts'
import { answerRpc, traced } from '../src/rpc.ts'
import { withTrace } from '../src/trace.ts'

const lines: Record<string, unknown>[] = []
beforeEach(() => {
  lines.length = 0
  for (const level of ['log', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((line: string) => void lines.push(JSON.parse(line)))
  }
})
afterEach(() => {
  vi.restoreAllMocks()
})

const TRACE = { requestId: 'request-1', traceparent: '00-0-0-01', deadline: Number.MAX_SAFE_INTEGER }
type Rpc = { work(request: string): Promise<{ ok: true; value: string } | { ok: false; failure: { code: string } }> }
const DONE = { ok: true, value: 'done' }

/** A worker that calls `further` other workers for each request, in turn. */
function aWorker(further = 0, invocationLimit?: number) {
  let served = 0
  const leaf = traced<Rpc>({ work: (_, trace) => answerRpc('work', trace, async () => DONE as never) }, 'leaf', {
    invocationLimit,
  })
  const binding: Parameters<typeof traced<Rpc>>[0] = {
    work: (request, trace) =>
      answerRpc('work', trace, async () => {
        served += 1
        for (let call = 0; call < further; call += 1) {
          const answer = await leaf.work(request)
          if (!answer.ok) return answer as never
        }
        return DONE as never
      }),
  }
  return { client: traced<Rpc>(binding, 'worker', { invocationLimit }), served: () => served }
}

const callTimes = async (client: Rpc, times: number) => {
  const answers: unknown[] = []
  for (let call = 0; call < times; call += 1) answers.push(await client.work('please'))
  return answers
}
const events = () => lines.map(({ event }) => event)

describe('the calls of an invocation', () => {
  it('are counted over all workers, separately for each invocation', async () => {
    const { client } = aWorker(2)
    const counted = (times: number) =>
      withInvocation({ calls: 0 }, async () => {
        await callTimes(client, times)
        return callCount().calls
      })
    expect(await Promise.all([counted(2), counted(3)])).toEqual([6, 9])
  })

  it('continue the count of the caller, who made some before', async () => {
    const seen = await withInvocation({ calls: 20 }, () => {
      countCall()
      return callCount()
    })
    expect(seen).toEqual({ calls: 21, callsAllowed: undefined })
  })

  it('are logged once when they reach 25', () => {
    withInvocation({ calls: 0 }, () => {
      for (let call = 0; call < 24; call += 1) countCall()
      expect(lines).toEqual([])
      for (let call = 0; call < 5; call += 1) countCall()
      addCalls(5)
    })
    expect(lines).toEqual([{ level: 'warn', event: 'invocation_calls_high', calls: 25, warned_at: 25 }])
  })

  it('are counted nowhere outside an invocation', () => {
    countCall(0 + 1)
    expect(callCount()).toEqual({ calls: 0, callsAllowed: undefined })
  })
})

describe('where the platform allows 32, as the tests do', () => {
  it('the 33rd call throws, and the caller reports an outage', async () => {
    const { client } = aWorker(0, 32)
    const answers = await withInvocation({ calls: 0 }, () => callTimes(client, 33))
    expect(answers.filter((answer) => (answer as { ok: boolean }).ok)).toHaveLength(32)
    expect(answers.at(-1)).toEqual({ ok: false, failure: { code: 'service_unavailable' } })
    expect(events()).toEqual(['invocation_calls_high', 'invocation_limit_exceeded', 'rpc_lost'])
  })

  it('the calls of the called workers count too', async () => {
    const { client } = aWorker(15, 32)
    const answers = await withInvocation({ calls: 0 }, () => callTimes(client, 3))
    expect(answers).toMatchObject([{ ok: true }, { ok: true }, { ok: false }])
    expect(events()).toContain('invocation_limit_exceeded')
  })

  it('a request that a customer waits for is not cut short before that', async () => {
    const { client, served } = aWorker(0, 32)
    await withInvocation({ calls: 0 }, () => withTrace(TRACE, () => callTimes(client, 30)))
    expect(served()).toBe(30)
  })
})

describe('a request with any number of steps', () => {
  it('stops calling where background work does, counting what it has called before', async () => {
    const { client, served } = aWorker(0, 32)
    await withInvocation({ calls: 2 }, async () => {
      await callTimes(client, 2)
      await withLimitedCalls(() => callTimes(client, 40))
    })
    expect(served()).toBe(22)
    expect(events()).not.toContain('invocation_calls_high')
  })
})

describe('background work', () => {
  it('makes at most 24 calls; one beyond is not made, and answers as an outage', async () => {
    const { client, served } = aWorker(0, 32)
    const answers = await guarded('sweep_failed', () => callTimes(client, 30))
    expect(served()).toBe(24)
    expect(answers.slice(24)).toEqual(Array(6).fill({ ok: false, failure: { code: 'service_unavailable' } }))
    expect(events()).toEqual(Array(6).fill('call_budget_spent'))
  })

  it('counts what the called workers call, which stop at the same limit', async () => {
    const { client } = aWorker(9, 32)
    const answers = await guarded('sweep_failed', async () => {
      const made = await callTimes(client, 3)
      expect([callCount().calls, isCallBudgetSpent()]).toEqual([24, true])
      return made
    })
    expect(answers).toMatchObject([{ ok: true }, { ok: true }, { failure: { code: 'service_unavailable' } }])
    expect(events()).not.toContain('invocation_calls_high')
  })
})
