import { runDurableObjectAlarm } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { newId } from '@shop/http/ids'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CLOSE, type Credential, type ListenerSession } from '../../src/live/domain/listener.ts'
import { orderTopic } from '../../src/live/domain/topic.ts'
import { alarmOf, connect, objectOf, tellStatus, toldTo } from './clients.ts'

beforeEach(() => {
  // A future time: an alarm set in the past of the real clock fires at once.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 86_400_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

type Revocations = { end(id: string): Promise<void> }
const revocationsOf = (userId: string) => env.REVOCATIONS.getByName(userId) as unknown as Revocations

const aSession = (end = ''): ListenerSession => ({
  kind: 'session',
  userId: newId('user'),
  sessionId: `${newId('session')}${end}`,
})
const newOrder = () => orderTopic(newId('order'))
const passSeconds = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000)
const secondsToAlarm = async (topic: string) => Math.round(((await alarmOf(topic)) - Date.now()) / 1_000)

describe('a connection whose session has ended', () => {
  it('is closed in place of the next change of an order, and others get the change', async () => {
    const topic = newOrder()
    const ended = await connect([topic], { credential: aSession('_ended') })
    const open = await connect([topic], { credential: aSession() })
    await tellStatus(topic, 'paid', 1)
    await vi.waitFor(() => expect(ended.closed).toEqual([CLOSE.accessEnded]))
    await vi.waitFor(() => expect(toldTo(open)).toEqual(['paid']))
    expect(toldTo(ended)).toEqual([])
  })

  it('is closed within a minute though nothing changes, and others stay open', async () => {
    const topic = newOrder()
    const [session, other] = [aSession(), aSession()]
    const client = await connect([topic], { credential: session })
    const stays = await connect([topic], { credential: other })
    expect(await secondsToAlarm(topic)).toBe(45)
    passSeconds(45)
    await runDurableObjectAlarm(objectOf(topic))
    expect(client.closed).toEqual([])
    await revocationsOf(session.userId).end(session.sessionId)
    expect(await secondsToAlarm(topic)).toBe(45)
    passSeconds(45)
    await runDurableObjectAlarm(objectOf(topic))
    await vi.waitFor(() => expect(client.closed).toEqual([CLOSE.accessEnded]))
    expect(stays.closed).toEqual([])
    await tellStatus(topic, 'paid', 1)
    await vi.waitFor(() => expect(toldTo(stays)).toEqual(['paid']))
  })

  it('is asked for again by the next alarm while the users worker is away', async () => {
    const topic = newOrder()
    const session = aSession('_ended')
    const client = await connect([topic], { credential: session })
    await revocationsOf(session.userId).end('away')
    passSeconds(45)
    await runDurableObjectAlarm(objectOf(topic))
    expect(client.closed).toEqual([])
    expect(await secondsToAlarm(topic)).toBe(45)
  })
})

describe('a connection that was opened with an API key or an order token', () => {
  const aKey = (end = ''): Credential => ({ kind: 'api_key', keyId: `${newId('apiKey')}${end}` })
  const aToken = (end = ''): Credential => ({
    kind: 'order_token',
    orderId: newId('order'),
    tokenHash: newId('cart') + end,
  })
  const nextCheck = async (topic: string) => {
    expect(await secondsToAlarm(topic)).toBe(45)
    passSeconds(45)
    await runDurableObjectAlarm(objectOf(topic))
  }

  it.each([
    ['the key was revoked', aKey('_revoked'), aKey()],
    ['the token is no longer accepted', aToken('_ended'), aToken()],
  ])('is closed within a minute when %s, and others stay open', async (_, credential, valid) => {
    const topic = newOrder()
    const client = await connect([topic], { credential })
    const stays = await connect([topic], { credential: valid })
    await nextCheck(topic)
    await vi.waitFor(() => expect(client.closed).toEqual([CLOSE.accessEnded]))
    expect(stays.closed).toEqual([])
    expect(await secondsToAlarm(topic)).toBe(45)
  })

  it('is closed when the key may no longer read orders', async () => {
    const topic = newOrder()
    const credential = { kind: 'api_key', keyId: newId('apiKey') } as const
    const client = await connect([topic], { credential })
    await nextCheck(topic)
    expect(client.closed).toEqual([])
    await (env.USERS as unknown as { end(id: string): Promise<void> }).end(credential.keyId)
    await nextCheck(topic)
    await vi.waitFor(() => expect(client.closed).toEqual([CLOSE.accessEnded]))
  })

  it('is asked for again by the next alarm while the users worker is away', async () => {
    const topic = newOrder()
    const client = await connect([topic], { credential: aKey('_away') })
    await nextCheck(topic)
    expect(client.closed).toEqual([])
    expect(await secondsToAlarm(topic)).toBe(45)
  })
})

describe('a topic', () => {
  it('has no alarm each minute without credentials, nor once the last of them has left', async () => {
    const topic = newOrder()
    await connect([topic])
    expect(await secondsToAlarm(topic)).toBe(86_400)
    const client = await connect([topic], { credential: aSession() })
    expect(await secondsToAlarm(topic)).toBe(45)
    client.socket.close(1000)
    passSeconds(45)
    await vi.waitFor(async () => {
      await runDurableObjectAlarm(objectOf(topic))
      expect(await secondsToAlarm(topic)).toBeGreaterThan(600)
    })
  })
})
