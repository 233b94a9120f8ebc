import type { EventLog } from '@shop/contracts/events/log'
import type { Caller } from '@shop/kernel/caller'
import { describe, expect, it, vi } from 'vitest'
import type { UsersDeps } from '../../src/deps.ts'
import { deliverEndedSessions } from '../../src/sessions/deliver-ended-sessions.ts'
import { endSession } from '../../src/sessions/end-session.ts'
import { endSessions } from '../../src/sessions/end-sessions.ts'
import { logoutAll } from '../../src/sessions/logout-all.ts'
import { logoutUser } from '../../src/sessions/logout-user.ts'
import { NOW } from '../support/people.ts'

const USER = 'user_01jd4k2v9rf0fv8z3x1m5q7w2e'
const OTHER = 'user_01jd4k2v9rf0fv8z3x1m5q7w2f'
const SESSION = 'session_01jd4k2v9rf0fv8z3x1m5q7w2e'
const CALLER: Caller = { kind: 'user', userId: USER, role: 'customer', sessionId: SESSION }
const UNAVAILABLE = { ok: false, failure: { code: 'service_unavailable' } }
const DONE = { ok: true, value: undefined }

/** A user with one session. The object fails as often as `outages` says. */
function shopWith({ outages = 0 } = {}) {
  vi.spyOn(console, 'error').mockReturnValue()
  const ended: unknown[] = []
  const told: unknown[] = []
  const deps: Partial<UsersDeps> = {
    now: () => NOW,
    refreshTokens: { hash: async (token: string) => `#${token}` } as UsersDeps['refreshTokens'],
    sessions: {
      has: async (userId, id) => userId === USER && id === SESSION,
      // As in Postgres, a session that ended a moment ago is named again.
      end: async (scope, { reason }) => {
        ended.push({ ...scope, reason })
        return [{ userId: USER, sessionId: SESSION }]
      },
    } as Partial<UsersDeps['sessions']> as UsersDeps['sessions'],
    revocations: {
      reach: async () => {},
      end: async (userId, ids) => {
        outages -= 1
        if (outages >= 0) throw new Error('away')
        told.push([userId, ...ids])
      },
    },
  }
  // Members that the operations do not use are left out: using one would throw a TypeError.
  return { deps: deps as UsersDeps, ended, told }
}

type Deps = UsersDeps

describe.each([
  ['logging out', (deps: Deps) => logoutUser(deps, 'token'), { tokenHash: '#token', reason: 'logged_out' }],
  [
    'logging out everywhere',
    (deps: Deps) => logoutAll(deps, CALLER),
    { userId: USER, except: undefined, reason: 'logged_out_everywhere' },
  ],
  [
    'ending a session',
    (deps: Deps) => endSession(deps, CALLER, { id: SESSION }),
    { userId: USER, sessionId: SESSION, reason: 'ended_by_owner' },
  ],
  [
    'a change that takes trust away',
    (deps: Deps) => endSessions(deps, { userId: USER, except: SESSION, reason: 'password_changed' }),
    { userId: USER, except: SESSION, reason: 'password_changed' },
  ],
] as const)('%s', (_, end, scope) => {
  it('is answered once the object of the user knows', async () => {
    const { deps, ended, told } = shopWith()
    expect(await end(deps)).toEqual(DONE)
    expect(ended).toEqual([scope])
    expect(told).toEqual([[USER, SESSION]])
  })

  it('is not done while the object does not answer; a retry tells it', async () => {
    const { deps, told } = shopWith({ outages: 1 })
    expect(await end(deps)).toEqual(UNAVAILABLE)
    expect(told).toEqual([])
    expect(await end(deps)).toEqual(DONE)
    expect(told).toEqual([[USER, SESSION]])
  })
})

describe('ending a session', () => {
  it.each(['session_01jd4k2v9rf0fv8z3x1m5q7w2f', 'nonsense'])('%s of somebody else is as good as none', async (id) => {
    const { deps, ended } = shopWith()
    const missing = { ok: false, failure: { code: 'session_not_found' } }
    expect(await endSession(deps, CALLER, { id })).toEqual(missing)
    expect(await endSession(deps, { ...CALLER, userId: OTHER }, { id: SESSION })).toEqual(missing)
    expect(ended).toEqual([])
  })

  it('needs somebody who is signed in, as logging out everywhere does', async () => {
    const { deps } = shopWith()
    const refused = { ok: false, failure: { code: 'authentication_required' } }
    expect(await endSession(deps, { kind: 'anonymous' }, { id: SESSION })).toEqual(refused)
    expect(await logoutAll(deps, { kind: 'anonymous' })).toEqual(refused)
  })
})

describe('the sweep', () => {
  function withEvents(...ids: number[]) {
    const settled: unknown[] = []
    const due = ids.map((id) => ({
      id,
      type: 'session.ended' as const,
      version: 1,
      key: SESSION,
      sequence: 1,
      payload: { userId: USER, sessionId: id < 0 ? 'nonsense' : SESSION, reason: 'logged_out' as const },
      createdAt: NOW,
    }))
    const events: Partial<EventLog> = {
      pull: async () => due.splice(0),
      settle: async ({ receipts }) => {
        settled.push(...receipts)
        return 0
      },
    }
    return { events: events as EventLog, settled }
  }

  it('tells the object what a request could not, and skips what names nothing', async () => {
    const { deps, told } = shopWith()
    const { events, settled } = withEvents(7, -8)
    expect(await deliverEndedSessions({ ...deps, events })).toMatchObject({ done: 2 })
    expect(told).toEqual([[USER, SESSION]])
    expect(settled).toEqual([
      { eventId: 7, outcome: 'done' },
      { eventId: -8, outcome: 'skipped' },
    ])
  })

  it('goes on trying while the object does not answer', async () => {
    const { deps } = shopWith({ outages: 1 })
    const { events, settled } = withEvents(7)
    expect(await deliverEndedSessions({ ...deps, events })).toEqual({ done: 0 })
    expect(settled).toEqual([{ eventId: 7, outcome: 'failed', failure: 'service_unavailable' }])
  })
})
