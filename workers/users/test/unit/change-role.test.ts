import { ROLES, type Role } from '@shop/kernel/caller'
import { fail, ok } from '@shop/kernel/result'
import { describe, expect, it, vi } from 'vitest'
import { changeRole } from '../../src/staff/change-role.ts'
import { mayGrant } from '../../src/staff/domain/grants.ts'
import { NOW } from '../support/people.ts'
import { ADMIN, callerWith, KEY } from '../support/staff.ts'

const ID = 'user_01jd4k2v9rf0fv8z3x1m5q7w2e'
const SESSION = 'session_01jd4k2v9rf0fv8z3x1m5q7w2e'
const ENDED = [`ended ${ID}: role_changed`, `told of ${SESSION}`]

/** One account, and what was done with it. */
function shopWith(role: Role, change: 'saved' | 'lost once' | 'last admin' = 'saved', isAway = false) {
  vi.spyOn(console, 'error').mockReturnValue()
  const user = { id: ID, email: 'ada@example.com', name: 'Ada', role, createdAt: NOW } as const
  const done: string[] = []
  let tries = 0
  const deps = {
    accounts: { find: async (id: string) => (id === ID ? user : undefined) },
    roles: {
      change: async (_: string, { from, to }: { from: Role; to: Role }) => {
        tries += 1
        done.push(`${from} to ${to}`)
        return change === 'last admin' ? fail({ code: 'last_admin' } as const) : ok(change === 'saved' || tries > 1)
      },
    },
    sessions: {
      end: async ({ userId }: { userId: string }, { reason }: { reason: string }) => {
        done.push(`ended ${userId}: ${reason}`)
        return [{ userId, sessionId: SESSION }]
      },
    },
    revocations: {
      reach: async () => {
        if (isAway) throw new Error('away')
      },
      end: async (_: string, ids: string[]) => void done.push(`told of ${ids}`),
    },
    now: () => NOW,
  }
  // Only these members are used.
  return { deps: deps as unknown as Parameters<typeof changeRole>[0], done, user }
}

describe('changeRole', () => {
  it('changes the role, and then ends all sessions of the account', async () => {
    const { deps, done, user } = shopWith('finance')
    expect(await changeRole(deps, ADMIN, { id: ID, role: 'customer' })).toEqual(ok({ ...user, role: 'customer' }))
    expect(done).toEqual(['finance to customer', ...ENDED])
  })

  it('ends the sessions again when it is repeated', async () => {
    const { deps, done } = shopWith('support')
    expect(await changeRole(deps, ADMIN, { id: ID, role: 'support' })).toMatchObject({ ok: true })
    expect(done).toEqual(ENDED)
  })

  it('changes nothing while sessions cannot be ended', async () => {
    const { deps, done } = shopWith('finance', 'saved', true)
    expect(await changeRole(deps, ADMIN, { id: ID, role: 'customer' })).toEqual(fail({ code: 'service_unavailable' }))
    expect(done).toEqual([])
  })

  it('decides again when another writer was faster', async () => {
    const { deps, done } = shopWith('support', 'lost once')
    expect(await changeRole(deps, ADMIN, { id: ID, role: 'finance' })).toMatchObject({ ok: true })
    expect(done).toEqual(['support to finance', 'support to finance', ...ENDED])
  })

  it('leaves the last administrator and their sessions alone', async () => {
    const { deps, done } = shopWith('admin', 'last admin')
    expect(await changeRole(deps, ADMIN, { id: ID, role: 'customer' })).toEqual(fail({ code: 'last_admin' }))
    expect(done).toEqual(['admin to customer'])
  })

  it('finds no account by an unknown or malformed id', async () => {
    const { deps } = shopWith('customer')
    for (const id of ['user_01jd4k2v9rf0fv8z3x1m5q7w2f', 'ada', '__proto__']) {
      expect(await changeRole(deps, ADMIN, { id, role: 'support' })).toEqual(fail({ code: 'user_not_found' }))
    }
  })

  it.each([...ROLES.filter((role) => role !== 'admin').map(callerWith), KEY])('is refused to %j', async (caller) => {
    const { deps, done } = shopWith('customer')
    expect(await changeRole(deps, caller, { id: ID, role: 'support' })).toMatchObject(fail({ code: 'forbidden' }))
    expect(done).toEqual([])
  })
})

describe('a role is granted', () => {
  it('by administrators alone, since nobody else may write staff', () => {
    const granters = ROLES.filter((granter) => ROLES.some((granted) => mayGrant(granter, granted)))
    expect(granters).toEqual(['admin'])
    expect(ROLES.every((granted) => mayGrant('admin', granted))).toBe(true)
  })
})
