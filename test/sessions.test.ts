import { eventually } from '@shop/testing/eventually'
import type { Account } from '@shop/testing/shop'
import { readToken } from '@shop/testing/tokens'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

const DEVICE = '5f0f6b1e-8c55-4f0e-9d0b-3b6f7a2c1d90'
const times = <T>(count: number, work: () => Promise<T>) => Promise.all(Array.from({ length: count }, work))

const logIn = async ({ email, password }: Account, more: object = {}, headers: Record<string, string> = {}) => {
  const { body } = await stage.shop.request('POST', '/api/users/login', { body: { email, password, ...more }, headers })
  return { token: body.token, refreshToken: body.refresh_token }
}
const refresh = (refresh_token: string, more: object = {}) =>
  stage.shop.request('POST', '/api/users/refresh', { body: { refresh_token, ...more } })
const logOut = (refresh_token: string) => stage.shop.request('POST', '/api/users/logout', { body: { refresh_token } })
const sessionsOf = async (token: string) => (await stage.shop.request('GET', '/api/users/sessions', { token })).body
const profileOf = (token: string) => stage.shop.request('GET', '/api/users/profile', { token })
/** A change that the gateway must refuse before any worker sees it. */
const write = (token: string) => stage.shop.request('POST', '/api/carts', { token, body: {} })
const idOf = (token: string) => String(readToken(token).claims.sid)

const ENDED = { status: 401, body: { code: 'invalid_token', reason: 'ended' } }

/** What a busy shop may answer instead; a repeated request gets the answer. */
const CLEAN = [401, 409, 429, 503]
type Refreshed = Awaited<ReturnType<typeof refresh>>
const isSuccess = ({ status }: Refreshed) => status === 200
const expectClean = (replies: Refreshed[]) => {
  for (const { status, body } of replies.filter((reply) => !isSuccess(reply))) {
    expect(CLEAN).toContain(status)
    if (status === 401) expect(body.code).toBe('invalid_refresh_token')
  }
}

describe('a hundred refreshes at once with one token', () => {
  it('by the device that signed in give one successor, the same to all', async () => {
    const owner = await stage.shop.signUp()
    const { refreshToken } = await logIn(owner, { device_id: DEVICE })
    const replies = await times(100, () => refresh(refreshToken, { device_id: DEVICE }))
    expectClean(replies)
    const successors = new Set(replies.filter(isSuccess).map(({ body }) => body.refresh_token))
    expect(successors.size).toBe(1)
    expect((await refresh([...successors][0] ?? '')).status).toBe(200)
  })

  it('by a hundred devices have one winner, and end nothing', async () => {
    const owner = await stage.shop.signUp()
    const { refreshToken } = await logIn(owner, { device_id: DEVICE })
    const devices = Array.from({ length: 100 }, (_, index) => `device-${index}-of-a-hundred`)
    const replies = await Promise.all(devices.map((device_id) => refresh(refreshToken, { device_id })))
    expectClean(replies)
    const [winner, ...more] = replies.filter(isSuccess)
    expect(more).toEqual([])
    const { token, refresh_token } = winner?.body ?? {}
    expect((await write(token ?? '')).status).toBe(201)
    expect((await refresh(refresh_token ?? '')).status).toBe(200)
  })

  it('without a device have one winner, and end nothing', async () => {
    const owner = await stage.shop.signUp()
    const replies = await times(100, () => refresh(owner.refreshToken))
    expectClean(replies)
    const [winner, ...more] = replies.filter(isSuccess)
    expect(more).toEqual([])
    const { token, refresh_token } = winner?.body ?? {}
    expect((await write(token ?? '')).status).toBe(201)
    expect((await refresh(refresh_token ?? '')).status).toBe(200)
  })
})

describe('a refresh token that is used again after ten seconds', () => {
  it('ends the session, its successor and its access tokens', async () => {
    const owner = await stage.shop.signUp()
    const { refreshToken } = await logIn(owner, { device_id: DEVICE })
    const { body: next } = await refresh(refreshToken)
    await stage.platform.database.as('users').execute(sql`
      update users.refresh_tokens set used_at = used_at - interval '11 seconds'
      where session_id = ${idOf(next.token)} and used_at is not null`)
    expect((await refresh(refreshToken, { device_id: DEVICE })).body.code).toBe('invalid_refresh_token')
    expect(await refresh(next.refresh_token)).toMatchObject({ status: 401 })
    expect(await write(next.token)).toMatchObject(ENDED)
    expect((await write(owner.token)).status).toBe(201)
  })
})

describe('the list of sessions', () => {
  it('shows devices and times, and which one asks', async () => {
    const owner = await stage.shop.signUp()
    const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
    const { token } = await logIn(owner, {}, { 'user-agent': agent })
    const { sessions, next_cursor } = await sessionsOf(token)
    expect(next_cursor).toBeNull()
    expect(sessions.map(({ id, current }) => ({ id, current }))).toEqual([
      { id: idOf(token), current: true },
      { id: idOf(owner.token), current: false },
    ])
    expect(sessions[0]?.device).toBe('Firefox on Linux')
    const { created_at, expires_at } = sessions[0] ?? { created_at: '', expires_at: '' }
    expect(Date.parse(expires_at) - Date.parse(created_at)).toBe(30 * 24 * 3_600_000)
  })

  it('shows nobody else’s', async () => {
    const owner = await stage.shop.signUp()
    const { sessions } = await sessionsOf(stage.customer.token)
    expect(sessions.map(({ id }) => id)).not.toContain(idOf(owner.token))
  })
})

describe('a session that is ended', () => {
  it.each([
    ['by logging out', (_: Account, refreshToken: string) => logOut(refreshToken)],
    [
      'by its owner from elsewhere',
      async (owner: Account, _: string, token: string) =>
        stage.shop.request('DELETE', `/api/users/sessions/${idOf(token)}`, { token: owner.token }),
    ],
    [
      'by its own token',
      async (_: Account, __: string, token: string) =>
        stage.shop.request('DELETE', `/api/users/sessions/${idOf(token)}`, { token }),
    ],
  ])('%s writes nothing any more, from the moment of the answer', async (_, end) => {
    const owner = await stage.shop.signUp()
    const { token, refreshToken } = await logIn(owner)
    expect((await write(token)).status).toBe(201)
    expect((await end(owner, refreshToken, token)).status).toBe(200)
    expect(await write(token)).toMatchObject(ENDED)
    expect((await refresh(refreshToken)).status).toBe(401)
    // This isolate has just learned it, so it applies to reads, too.
    expect(await profileOf(token)).toMatchObject(ENDED)
    expect((await write(owner.token)).status).toBe(201)
  })

  it('stays ended when it is ended again, by every way', async () => {
    const owner = await stage.shop.signUp()
    const other = await logIn(owner)
    for (let count = 0; count < 2; count += 1) {
      expect((await logOut(other.refreshToken)).status).toBe(200)
      const path = `/api/users/sessions/${idOf(other.token)}`
      expect((await stage.shop.request('DELETE', path, { token: owner.token })).status).toBe(200)
    }
  })

  it('cannot be another user’s', async () => {
    const owner = await stage.shop.signUp()
    const { token } = stage.customer
    for (const id of [idOf(owner.token), 'session_01jd4k2v9rf0fv8z3x1m5q7w2e', 'nonsense']) {
      const refused = await stage.shop.request('DELETE', `/api/users/sessions/${id}`, { token })
      expect([refused.status, refused.body.code]).toEqual([404, 'session_not_found'])
    }
    expect((await write(owner.token)).status).toBe(201)
  })
})

describe('logging out everywhere', () => {
  it('ends every session of the account, and of no other', async () => {
    const owner = await stage.shop.signUp()
    const others = await times(3, () => logIn(owner))
    const reply = await stage.shop.request('POST', '/api/users/logout-all', { token: owner.token })
    expect(reply.status).toBe(200)
    for (const { token, refreshToken } of [owner, ...others]) {
      expect(await write(token)).toMatchObject(ENDED)
      expect((await refresh(refreshToken)).status).toBe(401)
    }
    expect((await write(stage.customer.token)).status).toBe(201)
    expect((await sessionsOf((await logIn(owner)).token)).sessions).toHaveLength(1)
  })
})

describe('the event of an ended session', () => {
  it('is delivered to the object of the user by the sweep, however the request ended', async () => {
    const owner = await stage.shop.signUp()
    const users = stage.platform.database.as('users')
    // As when the worker stopped between saving the end and telling the object.
    await users.execute(sql`
      with ended as (
        update users.sessions set ended_at = now(), end_reason = 'logged_out' where id = ${idOf(owner.token)}
        returning id, user_id
      ), event as (
        insert into users.events (type, version, key, sequence, payload, created_at)
        select 'session.ended', 1, id, 1,
               jsonb_build_object('userId', user_id, 'sessionId', id, 'reason', 'logged_out'), now() from ended
        returning id, key
      )
      insert into users.event_deliveries (event_id, consumer, key, next_attempt_at)
      select id, 'users_revocations', key, now() from event`)
    expect((await write(owner.token)).status).toBe(201)
    await stage.platform.sweep()
    await eventually(
      () => write(owner.token),
      ({ status }) => status === 401,
      4_000,
    )
  })
})
