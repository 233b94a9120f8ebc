import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { newId } from '@shop/http/ids'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CLOSE } from '../../src/live/domain/listener.ts'
import { orderTopic, stockTopic } from '../../src/live/domain/topic.ts'
import { alarmOf, type Client, connect, objectOf, tellStatus, toldTo } from './clients.ts'

beforeEach(() => {
  // A future time: an alarm set in the past of the real clock fires at once.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 86_400_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const passMinutes = (minutes: number) => vi.setSystemTime(Date.now() + minutes * 60_000)

/** Storage is shared by all tests, so each has topics of its own. */
let variants = 0
const newStock = () => {
  variants += 1
  return stockTopic(variants)
}
const newOrder = () => orderTopic(newId('order'))
const readyOf = ({ received }: Client) => received.find(({ type }) => type === 'live.ready')?.data
const lastIdOf = ({ received }: Client) => received.at(-1)?.id

const tellLevel = (topic: string, available: number, position: number) =>
  objectOf(topic).tell({ topic, position, type: 'stock.changed', data: { available } })
const rowsIn = (topic: string) =>
  runInDurableObject(objectOf(topic), (_, { storage }) =>
    storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_%' ESCAPE '\\'").toArray(),
  )

describe('a topic', () => {
  it('sends a message to everybody who listens', async () => {
    const topic = newStock()
    const clients = [await connect([topic]), await connect([topic])]
    expect(await tellLevel(topic, 3, 1)).toBe(true)
    for (const client of clients) await vi.waitFor(() => expect(toldTo(client)).toEqual([3]))
    expect(clients[0]?.received.at(-1)).toEqual({
      id: expect.stringMatching(new RegExp(`^\\d+@${topic}$`)),
      topic,
      type: 'stock.changed',
      data: { available: 3 },
    })
  })

  it('sends a message that is told twice once', async () => {
    const topic = newOrder()
    const client = await connect([topic])
    await tellStatus(topic, 'paid', 7)
    await tellStatus(topic, 'paid', 7)
    await tellStatus(topic, 'shipped', 8)
    await vi.waitFor(() => expect(toldTo(client)).toEqual(['paid', 'shipped']))
  })

  it('stores nothing when nobody has ever listened', async () => {
    const topic = newStock()
    expect(await tellLevel(topic, 3, 1)).toBe(false)
    expect(await rowsIn(topic)).toEqual([])
  })

  it('reaches its listeners after it was evicted from memory', async () => {
    const topic = newStock()
    const client = await connect([topic])
    await evictDurableObject(objectOf(topic))
    await tellLevel(topic, 5, 1)
    await vi.waitFor(() => expect(toldTo(client)).toEqual([5]))
  })

  it('answers ping without waking, and closes a connection that sends anything else', async () => {
    const client = await connect([newStock()])
    client.socket.send('ping')
    await vi.waitFor(() => expect(client.texts).toEqual(['pong']))
    client.socket.send('hello')
    await vi.waitFor(() => expect(client.closed).toEqual([CLOSE.unexpectedMessage]))
  })

  it('reaches 1,000 connections that hibernated', async () => {
    const topic = newStock()
    const clients = await Promise.all(Array.from({ length: 1_000 }, () => connect([topic])))
    // On a busy machine it has hibernated by itself.
    await evictDurableObject(objectOf(topic)).catch(() => undefined)
    await tellLevel(topic, 1, 1)
    await vi.waitFor(() => expect(clients.filter((client) => toldTo(client).length === 1)).toHaveLength(1_000), 20_000)
  })

  it('sends all topics of a connection over one socket, in one sequence', async () => {
    const [order, stock] = [newOrder(), newStock()]
    const client = await connect([stock, order])
    await tellLevel(stock, 2, 1)
    await tellStatus(order, 'paid', 1)
    await vi.waitFor(() => expect(toldTo(client)).toEqual([2, 'paid']))
    expect(new Set(client.received.map(({ id }) => id.split('@')[1]))).toEqual(new Set([order]))
  })
})

describe('a client that comes back with the id of its last message', () => {
  it('gets what it missed, also after the object was evicted, and then hears that nothing is missing', async () => {
    const topic = newOrder()
    const first = await connect([topic])
    await tellStatus(topic, 'paid', 1)
    await vi.waitFor(() => expect(toldTo(first)).toEqual(['paid']))
    first.socket.close(1000)
    await tellStatus(topic, 'shipped', 2)
    passMinutes(50)
    await evictDurableObject(objectOf(topic))
    await tellStatus(topic, 'delivered', 3)
    const again = await connect([topic], { lastEventId: lastIdOf(first) })
    expect(toldTo(again)).toEqual(['shipped', 'delivered'])
    expect(readyOf(again)).toMatchObject({ is_resumed: true })
  })

  it('gets what it missed of its other topics', async () => {
    const [order, stock] = [newOrder(), newStock()]
    const first = await connect([order, stock])
    first.socket.close(1000)
    await tellLevel(stock, 4, 1)
    const again = await connect([order, stock], { lastEventId: lastIdOf(first) })
    expect(toldTo(again)).toEqual([4])
  })

  it('gets only the newest level of a stock', async () => {
    const topic = newStock()
    const first = await connect([topic])
    first.socket.close(1000)
    for (const [index, available] of [9, 8, 7].entries()) await tellLevel(topic, available, index + 1)
    expect(toldTo(await connect([topic], { lastEventId: lastIdOf(first) }))).toEqual([7])
  })

  it.each(['1@order:other', 'nonsense', '99999999999999@TOPIC'])(
    'hears that it must read anew after %s',
    async (id) => {
      const topic = newOrder()
      await connect([topic])
      await tellStatus(topic, 'paid', 1)
      const client = await connect([topic], { lastEventId: id.replace('TOPIC', topic) })
      expect([readyOf(client)?.is_resumed, toldTo(client)]).toEqual([false, []])
    },
  )

  it('hears that it must read anew after more than an hour without anybody who listens', async () => {
    const topic = newOrder()
    const first = await connect([topic])
    first.socket.close(1000)
    await vi.waitFor(async () => expect(await closedIn(topic)).toEqual([expect.any(Number)]))
    passMinutes(61)
    expect(await tellStatus(topic, 'paid', 1)).toBe(false)
    const again = await connect([topic], { lastEventId: lastIdOf(first) })
    expect([readyOf(again)?.is_resumed, toldTo(again)]).toEqual([false, []])
  })
})

const closedIn = (topic: string) =>
  runInDurableObject(objectOf(topic), (_, { storage }) =>
    storage.sql
      .exec('SELECT closed_at FROM topics WHERE closed_at IS NOT NULL')
      .toArray()
      .map((row) => row.closed_at),
  )

/** The hours from an instant until the alarm. */
const alarmAfter = async (topic: string, start: number) => {
  return Math.round(((await alarmOf(topic)) - start) / 60_000) / 60
}

describe('the alarm of a topic', () => {
  it('is set a day ahead while nothing happens, and once an hour for any number of messages', async () => {
    const topic = newOrder()
    const start = Date.now()
    await connect([topic])
    expect(await alarmAfter(topic, start)).toBe(24)
    for (const [index, status] of ['paid', 'shipped', 'delivered'].entries()) {
      await tellStatus(topic, status, index + 1)
      expect(await alarmAfter(topic, start)).toBe(1)
      passMinutes(3)
    }
  })

  it('deletes messages after an hour', async () => {
    const topic = newOrder()
    const client = await connect([topic])
    await tellStatus(topic, 'paid', 1)
    passMinutes(61)
    await runDurableObjectAlarm(objectOf(topic))
    const again = await connect([topic], { lastEventId: client.received[0]?.id })
    expect([readyOf(again)?.is_resumed, toldTo(again)]).toEqual([false, []])
  })

  it('deletes everything once nobody has listened for an hour', async () => {
    const topic = newOrder()
    const client = await connect([topic])
    await tellStatus(topic, 'paid', 1)
    client.socket.close(1000)
    await vi.waitFor(async () => expect(await closedIn(topic)).toHaveLength(1))
    passMinutes(61)
    await runDurableObjectAlarm(objectOf(topic))
    expect(await rowsIn(topic)).toEqual([])
  })

  it('closes a connection that is a day old, so that its rights are checked again', async () => {
    const topic = newStock()
    const client = await connect([topic])
    passMinutes(24 * 60 + 1)
    await runDurableObjectAlarm(objectOf(topic))
    await vi.waitFor(() => expect(client.closed).toEqual([CLOSE.renew]))
  })
})
