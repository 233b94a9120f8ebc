import { describe, expect, it } from 'vitest'
import { ANONYMOUS, type Caller } from '../src/caller.ts'
import type { AuthMethod } from '../src/proof.ts'
import { requireRecentProof } from '../src/recent-proof.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')
const provenAgo = (seconds: number, amr: AuthMethod[] = ['pwd']): Caller => ({
  kind: 'user',
  userId: 'user_1',
  role: 'customer',
  proof: { amr, authTime: NOW.getTime() / 1_000 - seconds },
})
const refused = (methods: string[]) => ({
  ok: false,
  failure: { code: 'step_up_required', methods, maxAge: 600 },
})

describe('what protects the account itself', () => {
  it.each([0, 1, 599, 600])('is open to a caller who signed in %i s ago', (seconds) => {
    const caller = provenAgo(seconds)
    expect(requireRecentProof(caller, NOW)).toEqual({ ok: true, value: caller })
  })

  it('needs a step-up afterwards, by any method', () => {
    expect(requireRecentProof(provenAgo(601), NOW)).toEqual(refused(['password', 'code', 'passkey']))
  })

  it('needs a second factor again of a session that had one', () => {
    expect(requireRecentProof(provenAgo(601, ['pwd', 'otp', 'mfa']), NOW)).toEqual(refused(['code', 'passkey']))
  })

  it('needs a step-up of a token without a proof', () => {
    const caller: Caller = { kind: 'user', userId: 'user_1', role: 'admin' }
    expect(requireRecentProof(caller, NOW)).toEqual(refused(['password', 'code', 'passkey']))
  })

  it('needs a sign-in of anybody else', () => {
    expect(requireRecentProof(ANONYMOUS, NOW)).toEqual({ ok: false, failure: { code: 'authentication_required' } })
  })
})
