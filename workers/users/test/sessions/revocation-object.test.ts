import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { ACCESS_TOKEN_SECONDS } from '@shop/contracts/users/access-tokens'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

beforeEach(() => {
  // A future time: an alarm set in the past of the real clock fires at once.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const ofUser = () => env.REVOCATIONS.getByName(crypto.randomUUID())
const passSeconds = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000)
const storedIn = (stub: DurableObjectStub) =>
  runInDurableObject(stub, async (_, { storage }) => ({
    entries: (await storage.list()).size,
    alarm: await storage.getAlarm(),
  }))

describe('a revocation object', () => {
  it('knows the sessions that ended, and no others', async () => {
    const stub = ofUser()
    expect(await stub.isEnded('session_a')).toBe(false)
    await stub.end(['session_a', 'session_b'])
    await stub.end(['session_b'])
    expect(await Promise.all(['session_a', 'session_b', 'session_c'].map((id) => stub.isEnded(id)))).toEqual([
      true,
      true,
      false,
    ])
  })

  it('stores nothing when it is only asked', async () => {
    const stub = ofUser()
    await stub.isEnded('session_a')
    expect(await storedIn(stub)).toEqual({ entries: 0, alarm: null })
  })

  it('keeps what it knows when it is evicted', async () => {
    const stub = ofUser()
    await stub.end(['session_a'])
    await evictDurableObject(stub)
    expect(await stub.isEnded('session_a')).toBe(true)
  })

  it('forgets a session when its last access token has expired, and deletes itself after the last one', async () => {
    const stub = ofUser()
    await stub.end(['session_a'])
    passSeconds(ACCESS_TOKEN_SECONDS)
    await stub.end(['session_b'])
    expect(await stub.isEnded('session_a')).toBe(true)
    passSeconds(300)
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    expect([await stub.isEnded('session_a'), await stub.isEnded('session_b')]).toEqual([false, true])
    passSeconds(ACCESS_TOKEN_SECONDS)
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    expect(await storedIn(stub)).toMatchObject({ entries: 0 })
    expect(await runDurableObjectAlarm(stub)).toBe(false)
  })
})
