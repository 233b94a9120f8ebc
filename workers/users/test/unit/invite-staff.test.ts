import { ANONYMOUS, ROLES } from '@shop/kernel/caller'
import { fail, ok } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'
import { acceptInvitation } from '../../src/staff/accept-invitation.ts'
import { statusOf } from '../../src/staff/domain/invitation.ts'
import { createInvitationTokens } from '../../src/staff/internal/invitation-tokens.ts'
import { invitationMails } from '../../src/staff/invitation-mails.ts'
import { inviteStaff } from '../../src/staff/invite-staff.ts'
import { NOW } from '../support/people.ts'
import { ADMIN, callerWith, IN_3_DAYS, KEY, newInvitation } from '../support/staff.ts'

const ID = 'invite_01jd4k2v9rf0fv8z3x1m5q7w2e'
const tokens = createInvitationTokens(() => ['current', 'previous'])
const REQUEST = { email: 'grace@example.com', role: 'finance' } as const

function shop() {
  const saved: unknown[] = []
  const insert = async (...row: unknown[]) => {
    saved.push(row)
    return ok()
  }
  const wakeMails = async () => {}
  const deps = {
    creationKeys: { find: async () => undefined },
    invitations: { insert },
    invitationTokens: tokens,
    newInvitationId: () => ID,
    now: () => NOW,
    wakeMails,
  }
  // Only these members are used.
  return { deps: deps as unknown as Parameters<typeof inviteStaff>[0], saved }
}

describe('inviteStaff', () => {
  it('saves an invitation for three days, with the hash of its token', async () => {
    const { deps, saved } = shop()
    const invitation = newInvitation({ id: ID, ...REQUEST })
    expect(await inviteStaff(deps, ADMIN, REQUEST)).toEqual(ok({ value: invitation, replayed: false }))
    expect(saved).toEqual([[invitation, await tokens.hash(await tokens.of(ID)), undefined]])
    expect(invitation.expiresAt).toEqual(IN_3_DAYS)
  })

  it.each([...ROLES.filter((role) => role !== 'admin').map(callerWith), KEY])('is refused to %j', async (caller) => {
    const { deps, saved } = shop()
    expect(await inviteStaff(deps, caller, REQUEST)).toMatchObject(fail({ code: 'forbidden' }))
    expect(saved).toEqual([])
  })

  it('asks an anonymous caller to sign in', async () => {
    expect(await inviteStaff(shop().deps, ANONYMOUS, REQUEST)).toEqual(fail({ code: 'authentication_required' }))
  })
})

describe('acceptInvitation', () => {
  it('hashes no password for a token that opens nothing', async () => {
    const deps = {
      invitations: { findOpen: async () => undefined },
      invitationTokens: tokens,
      passwords: { hash: () => Promise.reject(new Error('hashed')) },
      now: () => NOW,
    }
    const request = { token: 'guess', name: 'Eve', password: 'a long enough passphrase' }
    const taken = acceptInvitation(deps as unknown as Parameters<typeof acceptInvitation>[0], request)
    expect(await taken).toEqual(fail({ code: 'invitation_not_found' }))
  })
})

describe('the token of an invitation', () => {
  it('is always the same, and another for each invitation and key', async () => {
    const token = await tokens.of(ID)
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(await tokens.of(ID)).toBe(token)
    const others = [tokens.of('invite_01jd4k2v9rf0fv8z3x1m5q7w2f'), createInvitationTokens(() => ['other']).of(ID)]
    expect(new Set([token, ...(await Promise.all(others))]).size).toBe(3)
  })

  it('is the same in a mail that is sent after a rotation of keys, until its key is gone', async () => {
    const token = await createInvitationTokens(() => ['previous']).of(ID)
    const invitation = { id: ID, tokenHash: await tokens.hash(token) } as const
    expect(await tokens.again(invitation)).toBe(token)
    expect(await createInvitationTokens(() => ['current']).again(invitation)).toBeUndefined()
  })

  it('is in the mail while the invitation is open', async () => {
    const open = { ...newInvitation({ id: ID }), tokenHash: await tokens.hash(await tokens.of(ID)) }
    const mails = (found: (typeof open)[]) => {
      const listOpen = async () => found.map((one) => ({ ...one, eventId: 7 }))
      const deps = { invitations: { listOpen }, invitationTokens: tokens, now: () => NOW }
      return invitationMails(deps as unknown as Parameters<typeof invitationMails>[0], [7])
    }
    const of = { eventId: 7, to: open.email, name: undefined, locale: undefined }
    expect(await mails([open])).toEqual([{ ...of, token: await tokens.of(ID) }])
    expect(await mails([{ ...open, tokenHash: 'of another key' }])).toEqual([])
  })
})

describe('an invitation', () => {
  it.each([
    ['open', {}],
    ['expired', { expiresAt: NOW }],
    ['revoked', { revokedAt: NOW }],
    ['accepted', { acceptedAt: NOW, expiresAt: NOW }],
  ] as const)('is %s', (status, over) => {
    expect(statusOf(newInvitation(over), NOW)).toBe(status)
  })
})
