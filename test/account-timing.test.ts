import { performance } from 'node:perf_hooks'
import { LIMITS } from '@shop/contracts/limits'
import { describe, expect, it } from 'vitest'
import { usePlatform } from './support/use-platform.ts'

const stage = usePlatform()

/** Of each kind, alternately, so that whatever else the machine does falls on both. */
const TRIES = 500
const MOST_DIFFERENCE = 0.05
const MINUTE_MS = 60_000

async function msOf(path: string, body: object, status: number): Promise<number> {
  const startedAt = performance.now()
  const answer = await stage.shop.request('POST', path, { body })
  expect(answer.status).toBe(status)
  return performance.now() - startedAt
}

const median = (values: number[]) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0

/** Limits per account and address would stop the tries, so each account is tried a few times only. */
async function compare(path: string, bodyOf: (email: string) => object, status: number, triesPerAddress: number) {
  const [known, unknown]: [number[], number[]] = [[], []]
  let emails: [known: string, unknown: string] = ['', '']
  for (let n = 0; n < TRIES; n += 1) {
    if (n % triesPerAddress === 0) emails = [(await stage.shop.signUp()).email, `${crypto.randomUUID()}@example.com`]
    // The first of two is sometimes slower.
    const order = n % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)
    for (const which of order) (which === 0 ? known : unknown).push(await msOf(path, bodyOf(emails[which]), status))
  }
  const medians = { known: median(known), unknown: median(unknown) }
  console.info(`${path}: known ${medians.known.toFixed(2)} ms, unknown ${medians.unknown.toFixed(2)} ms`)
  return Math.abs(medians.known / medians.unknown - 1)
}

describe.runIf(process.env.LONG)('the time of an answer does not say whether an address has an account', () => {
  it('when a password is wrong', { timeout: 10 * MINUTE_MS }, async () => {
    const bodyOf = (email: string) => ({ email, password: 'not the password' })
    expect(await compare('/api/users/login', bodyOf, 401, LIMITS.signInFailures.quota)).toBeLessThan(MOST_DIFFERENCE)
  })

  it('when a new password is requested', { timeout: 10 * MINUTE_MS }, async () => {
    expect(
      await compare('/api/users/password-reset', (email) => ({ email }), 202, LIMITS.accountMailEmail.quota),
    ).toBeLessThan(MOST_DIFFERENCE)
  })
})
