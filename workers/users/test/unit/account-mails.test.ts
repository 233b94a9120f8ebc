import { describe, expect, it } from 'vitest'
import type { UsersDeps } from '../../src/deps.ts'
import { accountMails } from '../../src/events/account-mails.ts'
import type { MailedEvent } from '../../src/events/domain/mailed-event.ts'
import { createInvitationTokens } from '../../src/staff/internal/invitation-tokens.ts'
import { accountTokens } from '../../src/tokens/account-tokens.ts'
import { NOW } from '../support/people.ts'

const tokens = accountTokens({ secret: 'a secret of at least thirty-two characters', newId: () => crypto.randomUUID() })
const { id, hash } = await tokens.make(NOW)
const token = await tokens.tokenOf(id)

const ADA = { email: 'ada@example.com', name: 'Ada', locale: 'en', token: null, newEmail: null, formerEmail: null }
const mailsOf = async (...events: MailedEvent[]) => {
  const mailAddresses = { list: async () => events, listVerified: async () => [], forget: async () => {} }
  const invitations = { listOpen: async () => [] } as unknown as UsersDeps['invitations']
  const invitationTokens = createInvitationTokens(() => ['a secret'])
  const deps = { accountTokens: tokens, invitations, invitationTokens, mailAddresses, now: () => NOW }
  const mails = await accountMails(deps, { eventIds: [] })
  return mails.ok ? mails.value : []
}

describe('the mail of an event', () => {
  it.each(['customer.verification_requested', 'customer.password_reset_requested'] as const)(
    'of %s goes to the account, with its token',
    async (type) => {
      expect(await mailsOf({ id: 1, type, ...ADA, token: { id, hash } })).toEqual([
        { eventId: 1, to: 'ada@example.com', name: 'Ada', locale: 'en', token },
      ])
      expect(await mailsOf({ id: 1, type, ...ADA })).toEqual([])
    },
  )

  it('of a requested change goes to the new address, and of the change to the old one, without a token', async () => {
    const requested = { id: 1, type: 'customer.email_change_requested', ...ADA, token: { id, hash } } as const
    const changed = { id: 2, type: 'customer.email_changed', ...ADA, name: null, locale: null } as const
    expect(
      await mailsOf({ ...requested, newEmail: 'new@example.com' }, { ...changed, formerEmail: 'old@example.com' }),
    ).toEqual([
      { eventId: 1, to: 'new@example.com', name: 'Ada', locale: 'en', token },
      { eventId: 2, to: 'old@example.com', name: undefined, locale: undefined, token: undefined },
    ])
    expect(await mailsOf(requested, changed)).toEqual([])
  })

  it.each(['customer.password_changed', 'factor.added', 'factor.removed'] as const)(
    'of %s goes to the account, without a token',
    async (type) => {
      expect(await mailsOf({ id: 1, type, ...ADA, token: { id, hash } })).toEqual([
        { eventId: 1, to: 'ada@example.com', name: 'Ada', locale: 'en', token: undefined },
      ])
    },
  )

  it.each(['customer.registered', 'customer.email_verified'] as const)('of %s is none', async (type) => {
    expect(await mailsOf({ id: 1, type, ...ADA, token: { id, hash } })).toEqual([])
  })

  it('is missing when the secret was replaced, since its link would not work', async () => {
    const stored = { id, hash: 'made with another secret' }
    expect(await mailsOf({ id: 1, type: 'customer.verification_requested', ...ADA, token: stored })).toEqual([])
  })
})
