import { describe, expect, it, vi } from 'vitest'
import { breachedPasswords } from '../../src/passwords/breached-passwords.ts'
import { checkNewPassword } from '../../src/passwords/check-new-password.ts'

/** Of the new account. */
const PASSWORD = 'violet teapots sing at noon'
const URL = 'https://ranges.test/range/'

async function sha1(text: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text)))
    .toString('hex')
    .toUpperCase()
}

function rangeApi(answer: () => Response | Promise<Response>) {
  const asked: { url: string; headers: Headers }[] = []
  const api = breachedPasswords(URL, async (url, init) => {
    asked.push({ url: String(url), headers: new Headers(init?.headers) })
    return answer()
  })
  return { api, asked }
}

const line = async (count: number) =>
  `0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n${(await sha1(PASSWORD)).slice(5)}:${count}\r\n`

describe('a password of a breach', () => {
  it('is found by five digits of its hash, in an answer whose length says nothing', async () => {
    const { api, asked } = rangeApi(async () => new Response(await line(12)))
    expect(await api.has(PASSWORD)).toBe(true)
    expect(asked.map(({ url }) => url)).toEqual([URL + (await sha1(PASSWORD)).slice(0, 5)])
    expect(asked[0]?.headers.get('add-padding')).toBe('true')
  })

  it('is none where the range has other passwords only, or the entry is padding', async () => {
    expect(await rangeApi(() => new Response('0018A45C4D1DEF81644B54AB7F969B88D65:3')).api.has(PASSWORD)).toBe(false)
    expect(await rangeApi(async () => new Response(await line(0))).api.has(PASSWORD)).toBe(false)
  })

  it.each([
    ['is away', () => Promise.reject(new TypeError('no network'))],
    ['answers with an error', () => new Response('busy', { status: 503 })],
  ])('is not looked for when the API %s, and nobody is kept from the shop', async (_, answer) => {
    const warned = vi.spyOn(console, 'warn').mockReturnValue()
    expect(await rangeApi(answer).api.has(PASSWORD)).toBe(false)
    expect(warned).toHaveBeenCalledOnce()
    expect(JSON.stringify(warned.mock.calls)).not.toContain(PASSWORD)
    vi.restoreAllMocks()
  })
})

describe('checkNewPassword', () => {
  const passwordRules = { minimumLength: 15, shopNames: [], isCommon: () => false }
  const chosen = { password: PASSWORD, field: 'password', email: 'ada@example.com' }

  it('refuses a password of a breach where the shop asks', async () => {
    const refused = await checkNewPassword({ passwordRules, breachedPasswords: { has: async () => true } }, chosen)
    expect(refused).toMatchObject({ failure: { errors: [{ field: 'password', code: 'password_breached' }] } })
  })

  it('asks nobody by default, nor about a password that is refused anyway', async () => {
    expect(await checkNewPassword({ passwordRules }, chosen)).toEqual({ ok: true, value: undefined })
    const has = vi.fn(async () => true)
    const refused = await checkNewPassword({ passwordRules, breachedPasswords: { has } }, { ...chosen, password: 'x' })
    expect(refused).toMatchObject({ failure: { errors: [{ code: 'password_too_short' }] } })
    expect(has).not.toHaveBeenCalled()
  })
})
