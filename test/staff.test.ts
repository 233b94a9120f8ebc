import type { InvitationId } from '@shop/kernel/ids'
import type { Account } from '@shop/testing/shop'
import { describe, expect, it } from 'vitest'
import { createInvitationTokens } from '../workers/users/src/staff/internal/invitation-tokens.ts'
import { resigned } from './support/forgeries.ts'
import { usePlatform } from './support/use-platform.ts'

const stage = usePlatform()
const PASSWORD = 'a long enough passphrase'

async function invite(role: string, email = `${crypto.randomUUID()}@example.com`) {
  const body = { email, role }
  return stage.shop.request('POST', '/api/users/invitations', { token: stage.admin.token, body })
}

/** The token that the mail of an invitation has. */
async function mailedToken(id: string): Promise<string> {
  const [key] = JSON.parse(stage.platform.signingKeys) as { d: string }[]
  return createInvitationTokens(() => [key?.d ?? '']).of(id as InvitationId)
}

const accept = (token: string) =>
  stage.shop.request('POST', '/api/users/invitations/accept', { body: { token, name: 'Grace', password: PASSWORD } })

const setRole = (account: Account, role: string, token = stage.admin.token) =>
  stage.shop.request('PATCH', `/api/users/${account.user.id}/role`, { token, body: { role } })

const signIn = (email: string) =>
  stage.shop.request('POST', '/api/users/login', { body: { email, password: PASSWORD } })

describe('an invitation', () => {
  it('makes an account that signs in with its role, once', async () => {
    const { invitation } = (await invite('support')).body
    expect(invitation).toMatchObject({ status: 'open', role: 'support', invited_by: stage.admin.user.id })
    const token = await mailedToken(invitation.id)
    const taken = await Promise.all([accept(token), accept(token)])
    expect(taken.map(({ status }) => status).toSorted()).toEqual([201, 404])
    const session = (await signIn(invitation.email)).body
    expect(session.user.role).toBe('support')
    const orders = await stage.shop.request('GET', '/api/orders?scope=all', { token: session.token })
    expect(orders.status).toBe(200)
    const product = await stage.shop.request('POST', '/api/products', { token: session.token, body: {} })
    expect(product.status).toBe(403)
    const listed = await stage.shop.request('GET', '/api/users/invitations', { token: stage.admin.token })
    expect(listed.body.invitations.find(({ id }) => id === invitation.id)?.status).toBe('accepted')
    expect(JSON.stringify(listed.body)).not.toContain(token)
  })

  it('that is revoked cannot be taken', async () => {
    const { id } = (await invite('finance')).body.invitation
    const path = `/api/users/invitations/${id}`
    const revoked = await stage.shop.request('DELETE', path, { token: stage.admin.token })
    expect(revoked.body.invitation.status).toBe('revoked')
    expect((await accept(await mailedToken(id))).body.code).toBe('invitation_not_found')
  })

  it('is refused for a customer’s address, and for the role of a customer', async () => {
    expect((await invite('support', stage.customer.email)).body.code).toBe('email_taken')
    expect((await invite('customer')).status).toBe(422)
  })
})

describe('a role', () => {
  it('that is taken away ends the sessions of its account', async () => {
    const account = await stage.shop.signUp()
    expect((await setRole(account, 'finance')).body.user.role).toBe('finance')
    const { refresh_token, token } = (await signIn(account.email)).body
    expect((await setRole(account, 'customer')).status).toBe(200)
    const refreshed = await stage.shop.request('POST', '/api/users/refresh', { body: { refresh_token } })
    expect(refreshed.status).toBe(401)
    const written = await stage.shop.request('POST', '/api/promotions', { token, body: {} })
    expect([written.status, written.body.code]).toEqual([401, 'invalid_token'])
    expect((await signIn(account.email)).body.user.role).toBe('customer')
  })

  it.each(['support', 'catalog_manager', 'fulfillment', 'finance'])('of %s grants none', async (role) => {
    const account = await stage.shop.signUp()
    const token = resigned(stage.platform.signingKeys, account.token, {}, { role })
    expect((await setRole(account, 'admin', token)).status).toBe(403)
    const invited = { email: `${crypto.randomUUID()}@example.com`, role }
    expect((await stage.shop.request('POST', '/api/users/invitations', { token, body: invited })).status).toBe(403)
  })

  it('of the last administrator stays when all administrators are demoted at once', async () => {
    const others = await Promise.all([stage.shop.signUpAdmin(), stage.shop.signUpAdmin()])
    const all = [stage.admin, ...others]
    // Each demotes the next one, by a session that does not end, so that nobody has lost their role before.
    const sid = 'session_01jd4k2v9rf0fv8z3x1m5q7w2e'
    const lasting = (token: string) => resigned(stage.platform.signingKeys, token, {}, { sid })
    const demoted = await Promise.all(
      all.map(({ token }, at) => setRole(all[(at + 1) % 3] as Account, 'customer', lasting(token))),
    )
    expect(demoted.map(({ status }) => status).toSorted()).toEqual([200, 200, 409])
    expect(demoted.find(({ status }) => status === 409)?.body.code).toBe('last_admin')
    const roles = await Promise.all(all.map(async ({ email }) => (await signIn(email)).body.user.role))
    expect(roles.toSorted()).toEqual(['admin', 'customer', 'customer'])
    const left = all[roles.indexOf('admin')] as Account
    for (const account of all) if (account !== left) await setRole(account, 'admin', left.token)
  })
})
