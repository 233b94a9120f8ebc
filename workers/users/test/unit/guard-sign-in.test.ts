import { LIMITS, type LimitStatus } from '@shop/contracts/limits'
import { fail, ok, type Result } from '@shop/kernel/result'
import { describe, expect, it, vi } from 'vitest'
import type { UsersDeps } from '../../src/deps.ts'
import type { Outcome } from '../../src/limits/domain/guesses.ts'
import { guardSignIn } from '../../src/limits/guard-sign-in.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')
const REQUEST = { email: 'ada@example.com', address: '10.0.0.1' }
const UNAVAILABLE = fail({ code: 'service_unavailable' })
type Attempted = Result<string, { code: 'wrong' | 'busy' }>

const status = (isAllowed: boolean, seconds = 60): LimitStatus => ({
  limit: LIMITS.signIn,
  isAllowed,
  remaining: isAllowed ? 4 : 0,
  resetsAt: new Date(NOW.getTime() + seconds * 1_000),
})

function guarding(
  outcome: () => Attempted,
  options: { statuses?: LimitStatus[]; settled?: Result<LimitStatus[], { code: 'service_unavailable' }> } = {},
) {
  const settled: Outcome[] = []
  const { statuses = [status(true)] } = options
  const signIns: UsersDeps['signIns'] = {
    begin: async () =>
      ok({
        statuses,
        settle: async (reported) => {
          settled.push(reported)
          return options.settled ?? ok([status(true, 30)])
        },
      }),
    remember: async () => ok(),
  }
  const attempt = vi.fn(async () => outcome())
  const isWrong = ({ code }: { code: string }) => code === 'wrong'
  const isWhole = (value: string) => value !== 'half'
  const answer = guardSignIn({ signIns, now: () => NOW }, REQUEST, attempt, isWrong, isWhole)
  return { answer, attempt, settled }
}

describe('a sign-in', () => {
  it.each([
    ['right', ok('in')],
    ['wrong', fail({ code: 'wrong' })],
    ['undecided', fail({ code: 'busy' })],
  ] as const)('that was %s is reported as such before it is answered', async (outcome, result) => {
    const { answer, settled } = guarding(() => result)
    expect(await answer).toEqual({ ...result, limits: [status(true, 30)] })
    expect(settled).toEqual([outcome])
  })

  it('whose second half is still to come is reported as undecided', async () => {
    const { answer, settled } = guarding(() => ok('half'))
    expect(await answer).toMatchObject(ok('half'))
    expect(settled).toEqual(['undecided'])
  })

  it('that threw is reported as undecided', async () => {
    const { answer, settled } = guarding(() => {
      throw new Error('no database')
    })
    await expect(answer).rejects.toThrow('no database')
    expect(settled).toEqual(['undecided'])
  })

  it('with a wrong password that could not be counted is not answered as wrong', async () => {
    const { answer } = guarding(() => fail({ code: 'wrong' }), { settled: UNAVAILABLE })
    expect(await answer).toEqual({ ...UNAVAILABLE, limits: [] })
  })

  it('beyond a limit is not tried, and waits for the longest one', async () => {
    const statuses = [status(false, 15), status(true), status(false, 900)]
    const { answer, attempt, settled } = guarding(() => ok('in'), { statuses })
    expect(await answer).toEqual({ ...fail({ code: 'rate_limited', retryAfter: 900 }), limits: statuses })
    expect(attempt).not.toHaveBeenCalled()
    expect(settled).toEqual([])
  })

  it('that cannot be counted is not tried', async () => {
    const attempt = vi.fn(async () => ok('in'))
    const signIns = { begin: async () => UNAVAILABLE, remember: async () => ok() }
    const answer = await guardSignIn({ signIns, now: () => NOW }, REQUEST, attempt, () => false)
    expect(answer).toEqual({ ...UNAVAILABLE, limits: [] })
    expect(attempt).not.toHaveBeenCalled()
  })
})
