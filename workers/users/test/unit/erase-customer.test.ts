import { ROLES, type Role } from '@shop/kernel/caller'
import { fail, ok } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'
import { eraseAccount } from '../../src/privacy/erase-account.ts'
import { eraseCustomer } from '../../src/privacy/erase-customer.ts'
import { NOW, PROOF } from '../support/people.ts'
import { ADMIN, callerWith, KEY } from '../support/staff.ts'

const ID = 'user_01jd4k2v9rf0fv8z3x1m5q7w2e'
const OTHER = 'user_01jd4k2v9rf0fv8z3x1m5q7w2f'
const SESSION = 'session_01jd4k2v9rf0fv8z3x1m5q7w2e'

/** One account, which may be erased, and what was done. */
function shopWith({ role = 'customer', isGone = false }: { role?: Role; isGone?: boolean } = {}) {
  const done: string[] = []
  const state = { isGone, isDown: false }
  const deps = {
    accounts: { find: async (id: string) => (id === ID && !state.isGone ? { id, role, version: 1 } : undefined) },
    erasures: {
      erase: async ({ id }: { id: string }) => {
        done.push(`erased ${id}`)
        state.isGone = true
        return ok([{ userId: id, sessionId: SESSION }])
      },
      wasErased: async (id: string) => id === ID && state.isGone,
    },
    revocations: {
      end: async (_: string, ids: string[]) => {
        if (state.isDown) throw new Error('down')
        done.push(`told of ${ids}`)
      },
    },
    wakeDeliveries: async () => void done.push('woke deliveries'),
    now: () => NOW,
  }
  // Only these members are used.
  return { deps: deps as unknown as Parameters<typeof eraseAccount>[0], done, state }
}

const DONE = [`erased ${ID}`, 'woke deliveries', `told of ${SESSION}`]
const owner = { kind: 'user', userId: ID, role: 'customer', proof: PROOF } as const
const longAgo = { ...PROOF, authTime: PROOF.authTime - 601 }

describe('somebody', () => {
  it('erases their own account, whose sessions then end', async () => {
    const { deps, done } = shopWith()
    expect(await eraseAccount(deps, owner)).toEqual(ok())
    expect(done).toEqual(DONE)
  })

  it('needs a recent proof of who they are', async () => {
    const { deps, done } = shopWith()
    expect(await eraseAccount(deps, { ...owner, proof: longAgo })).toMatchObject({
      failure: { code: 'step_up_required', maxAge: 600 },
    })
    expect(done).toEqual([])
  })

  it('may repeat the request', async () => {
    const { deps } = shopWith({ isGone: true })
    expect(await eraseAccount(deps, owner)).toEqual(ok())
  })

  it('hears that it is unavailable where access may go on for a while', async () => {
    const { deps, state } = shopWith()
    state.isDown = true
    expect(await eraseAccount(deps, owner)).toEqual(fail({ code: 'service_unavailable' }))
    expect(state.isGone).toBe(true)
  })
})

describe('an administrator', () => {
  it.each(ROLES)('erases the account of a %s', async (role) => {
    const { deps, done } = shopWith({ role })
    expect(await eraseCustomer(deps, ADMIN, { id: ID })).toEqual(ok())
    expect(done).toEqual(DONE)
  })

  it('may repeat the request', async () => {
    const { deps } = shopWith({ isGone: true })
    expect(await eraseCustomer(deps, ADMIN, { id: ID })).toEqual(ok())
  })

  it('finds no account by an unknown or malformed id', async () => {
    const { deps } = shopWith()
    for (const id of [OTHER, 'ada', '__proto__']) {
      expect(await eraseCustomer(deps, ADMIN, { id })).toEqual(fail({ code: 'user_not_found' }))
    }
  })

  it('needs a recent proof of who they are', async () => {
    const { deps } = shopWith()
    const late = { kind: 'user', userId: OTHER, role: 'admin', proof: longAgo } as const
    expect(await eraseCustomer(deps, late, { id: ID })).toMatchObject({ failure: { code: 'step_up_required' } })
  })
})

describe('erasing somebody else', () => {
  it.each([...ROLES.filter((role) => role !== 'admin').map(callerWith), KEY])('is refused to %j', async (caller) => {
    const { deps, done } = shopWith()
    expect(await eraseCustomer(deps, caller, { id: ID })).toMatchObject({ ok: false, failure: { code: 'forbidden' } })
    expect(done).toEqual([])
  })
})
