import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { signInGuard } from '../../src/limits/internal/sign-in-guard.ts'

const GUARD = signInGuard({
  objects: (name) => env.SIGN_INS.getByName(name),
  raised: false,
  newAttemptId: () => crypto.randomUUID(),
})

beforeEach(() => {
  // A future time: an alarm set in the past of the real clock fires at once.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const passSeconds = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000)
const newEmail = () => `${crypto.randomUUID()}@example.com`
const newAddress = () => crypto.randomUUID()

type Attempt = { email: string; address?: string; deviceId?: string }

/** Begins a sign-in. @returns undefined when it is refused */
async function begin({ address = newAddress(), ...attempt }: Attempt) {
  const begun = await GUARD.begin({ address, ...attempt })
  if (!begun.ok) throw new Error(begun.failure.code)
  return begun.value.statuses.every(({ isAllowed }) => isAllowed) ? begun.value : undefined
}

/** Makes one sign-in after the other. @returns how many were allowed */
async function tries(count: number, attempt: Attempt, outcome: 'right' | 'wrong' = 'wrong'): Promise<number> {
  let allowed = 0
  for (let made = 0; made < count; made += 1) {
    const begun = await begin(attempt)
    await begun?.settle(outcome)
    if (begun !== undefined) allowed += 1
  }
  return allowed
}

/** Makes sign-ins with a wrong password all at once. @returns how many were allowed */
async function atOnce(count: number, attempt: () => Attempt): Promise<number> {
  const begun = await Promise.all(Array.from({ length: count }, () => begin(attempt())))
  const allowed = begun.filter((each) => each !== undefined)
  await Promise.all(allowed.map(({ settle }) => settle('wrong')))
  return allowed.length
}

describe('the guesses at an account', () => {
  it('are 20 in an hour from a thousand addresses, at once or one after the other', async () => {
    const email = newEmail()
    expect(await atOnce(40, () => ({ email }))).toBe(20)
    expect(await tries(3, { email })).toBe(0)
    passSeconds(3_599)
    expect(await tries(3, { email })).toBe(0)
    passSeconds(1)
    expect(await atOnce(40, () => ({ email }))).toBe(20)
  })

  it('are 5 from one address, then one after each delay, which doubles', async () => {
    const guesser = { email: newEmail(), address: newAddress() }
    expect(await atOnce(30, () => guesser)).toBe(5)
    for (const delay of [15, 30, 60]) {
      passSeconds(delay - 1)
      expect(await tries(2, guesser)).toBe(0)
      passSeconds(1)
      expect(await tries(2, guesser)).toBe(1)
    }
  })

  it('survive an eviction of the object', async () => {
    const email = newEmail()
    const getByName = vi.spyOn(env.SIGN_INS, 'getByName')
    await atOnce(20, () => ({ email }))
    const names = new Set(getByName.mock.calls.map(([name]) => name))
    const account = [...names].find((name) => name.startsWith('account:')) ?? ''
    expect(account).toMatch(/^account:[0-9a-f]{64}$/)
    await evictDurableObject(env.SIGN_INS.getByName(account))
    expect(await tries(1, { email })).toBe(0)
  })

  it('are the same in every spelling of its address', async () => {
    const email = newEmail()
    const spellings = [email, email.toUpperCase(), ` ${email}`]
    expect(await atOnce(40, () => ({ email: spellings.pop() ?? email.toUpperCase() }))).toBe(20)
  })
})

describe('a right password', () => {
  it('counts nothing, however often', async () => {
    expect(await tries(25, { email: newEmail(), address: newAddress() }, 'right')).toBe(25)
  })

  it('whose client left before the answer counts for 15 seconds only', async () => {
    const owner = { email: newEmail(), address: newAddress() }
    for (let count = 0; count < 16; count += 1) await begin(owner)
    passSeconds(15)
    expect(await tries(5, owner, 'right')).toBe(5)
  })

  it('clears the failures of its own address, and of no other', async () => {
    const email = newEmail()
    const [home, elsewhere] = [newAddress(), newAddress()]
    await tries(4, { email, address: home })
    await tries(5, { email, address: elsewhere })
    await tries(1, { email, address: home }, 'right')
    expect(await tries(6, { email, address: home })).toBe(5)
    expect(await tries(1, { email, address: elsewhere })).toBe(0)
  })
})

describe('a device that has signed in before', () => {
  it('gets in while strangers guess, and only that one', async () => {
    const email = newEmail()
    const deviceId = 'a random id of the device'
    await tries(1, { email, deviceId }, 'right')
    await atOnce(30, () => ({ email }))
    expect(await tries(3, { email, deviceId }, 'right')).toBe(3)
    expect(await tries(1, { email, deviceId: 'another random id' }, 'right')).toBe(0)
    expect(await tries(1, { email: newEmail(), deviceId }, 'right')).toBe(1)
  })

  it('may be one that signed up', async () => {
    const email = newEmail()
    expect(await GUARD.remember({ email, deviceId: 'the id of a new device' })).toEqual({ ok: true, value: undefined })
    await atOnce(30, () => ({ email }))
    expect(await tries(1, { email, deviceId: 'the id of a new device' }, 'right')).toBe(1)
  })

  it('may fail 5 times before it has to wait, and does not use up what strangers have', async () => {
    const email = newEmail()
    const deviceId = 'a random id of the device'
    await tries(1, { email, deviceId }, 'right')
    expect(await tries(8, { email, deviceId })).toBe(5)
    expect(await atOnce(30, () => ({ email }))).toBe(20)
  })
})

describe('the guesses from an address', () => {
  it('are 30 in ten minutes at all accounts together, and a right password clears none', async () => {
    const address = newAddress()
    for (let count = 0; count < 30; count += 1) expect(await tries(1, { email: newEmail(), address })).toBe(1)
    expect(await tries(1, { email: newEmail(), address }, 'right')).toBe(0)
    passSeconds(600)
    expect(await tries(1, { email: newEmail(), address }, 'right')).toBe(1)
  })

  it('that an account refuses do not count', async () => {
    const [email, address] = [newEmail(), newAddress()]
    await tries(10, { email, address })
    passSeconds(15)
    expect(await atOnce(25, () => ({ email: newEmail(), address }))).toBe(25)
  })
})

describe('a sign-in object', () => {
  const ofAccount = () => env.SIGN_INS.getByName(crypto.randomUUID())
  const rules = { windowSeconds: 3_600, pools: [{ name: 'all', quota: 3 }] }
  const storedIn = (stub: DurableObjectStub) =>
    runInDurableObject(stub, async (_, { storage }) => ({
      entries: (await storage.list()).size,
      alarm: await storage.getAlarm(),
    }))

  it('stores nothing once a right password is settled, unless there is a device to remember', async () => {
    const stub = ofAccount()
    await stub.begin({ id: 'a', rules: { unknown: rules, known: rules } })
    await stub.settle({ id: 'a', outcome: 'right', rules })
    expect(await storedIn(stub)).toMatchObject({ entries: 0 })
  })

  it('deletes itself when nothing counts any more', async () => {
    const stub = ofAccount()
    await stub.begin({ id: 'a', rules: { unknown: rules, known: rules } })
    await stub.settle({ id: 'a', outcome: 'wrong', rules })
    expect(await storedIn(stub)).toEqual({ entries: 1, alarm: Date.now() + 3_600_000 })
    passSeconds(3_600)
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    expect(await storedIn(stub)).toMatchObject({ entries: 0 })
  })

  it('does not forget a guess that came between its alarm and the deletion', async () => {
    const stub = ofAccount()
    await stub.begin({ id: 'a', rules: { unknown: rules, known: rules } })
    await stub.settle({ id: 'a', outcome: 'wrong', rules })
    passSeconds(3_599)
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    expect(await storedIn(stub)).toMatchObject({ entries: 1, alarm: Date.now() + 1_000 })
  })
})
