import { newSigningKeys } from '@shop/local-environment/signing-keys'
import { type Platform, startPlatform } from '@shop/testing/platform'
import { type Account, type Shop, shopOf } from '@shop/testing/shop'
import { readToken } from '@shop/testing/tokens'
import { afterAll, beforeAll, expect, it } from 'vitest'

/** Long enough for the start of the platform and some load before it. */
const ACTIVATED_AFTER_MS = 40_000
const DEVICE = '5f0f6b1e-8c55-4f0e-9d0b-3b6f7a2c1d90'

let platform: Platform
let shop: Shop
let activation: number

beforeAll(async () => {
  const [[current], [next]] = (await Promise.all([newSigningKeys(), newSigningKeys()])).map((keys) => JSON.parse(keys))
  activation = Date.now() + ACTIVATED_AFTER_MS
  const activates_at = new Date(activation).toISOString()
  const signingKeys = JSON.stringify([
    { ...current, kid: 'current' },
    { ...next, kid: 'next', activates_at },
  ])
  platform = await startPlatform({ signingKeys })
  shop = shopOf(platform)
})
afterAll(() => platform.stop())

const kidOf = (token: string) => readToken(token).header.kid

/** Refreshes, reads and writes until after the rotation. @returns every status, and the keys of the tokens it got */
async function keepBusy({ email, password }: Account, until: number) {
  const statuses: number[] = []
  const kids = new Set<unknown>()
  const ask = async (method: string, path: string, options: Parameters<Shop['request']>[2]) => {
    const reply = await shop.request(method, path, options)
    statuses.push(reply.status)
    return reply.body
  }
  const body = { email, password, device_id: DEVICE }
  let session = await ask('POST', '/api/users/login', { body })
  while (Date.now() < until) {
    const first = session.token
    const again = { refresh_token: session.refresh_token, device_id: DEVICE }
    const repeated = await Promise.all([1, 2].map(() => ask('POST', '/api/users/refresh', { body: again })))
    expect(new Set(repeated.map(({ refresh_token }) => refresh_token)).size).toBe(1)
    session = repeated[0] ?? session
    kids.add(kidOf(session.token))
    for (const token of [first, session.token]) {
      await ask('GET', '/api/users/profile', { token })
      await ask('POST', '/api/carts', { token, body: {} })
    }
  }
  return { statuses, kids }
}

const RULE =
  'a rotation of the signing key under load refuses no request, and signs with the new key after its activation'

it(RULE, { timeout: 120_000 }, async () => {
  const accounts = await Promise.all(Array.from({ length: 4 }, () => shop.signUp()))
  expect(Date.now()).toBeLessThan(activation)
  const { keys } = (await (await fetch(`${platform.url}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] }
  expect(keys.map(({ kid }) => kid)).toEqual(['current', 'next'])
  const load = await Promise.all(accounts.map((account) => keepBusy(account, activation + 3_000)))
  const statuses = load.flatMap((one) => one.statuses)
  expect(statuses.filter((status) => status !== 200 && status !== 201)).toEqual([])
  expect(statuses.length).toBeGreaterThan(100)
  for (const { kids } of load) expect(kids).toEqual(new Set(['current', 'next']))
  expect(kidOf((await shop.signUp()).token)).toBe('next')
})
