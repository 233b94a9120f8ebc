import type { EventType, ShopEvent } from '@shop/contracts/events/catalogue'
import type { Consumer } from '@shop/contracts/events/define'
import type { Receipt } from '@shop/contracts/events/delivery'
import { addSeconds } from '@shop/kernel/time'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { planOf, scansOf } from '@shop/testing/plans'
import { sql } from 'drizzle-orm'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Db } from '../src/client.ts'
import { eventLog } from '../src/events/log.ts'
import { eventCtes } from '../src/events/write.ts'
import { ordersDeliveries, ordersEventRows, ordersEvents } from '../src/schema/orders.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')
const later = (seconds: number) => addSeconds(NOW, seconds)

let database: ServiceDatabase
let admin: pg.Client
let db: Db
let events: ReturnType<typeof eventLog>
beforeAll(async () => {
  database = await startDatabase()
  admin = new pg.Client({ connectionString: database.adminUrl })
  await admin.connect()
  db = database.as('orders')
  events = eventLog(db, ordersEvents)
})
afterAll(async () => {
  await admin.end()
  await database.stop()
})
beforeEach(async () => {
  await db.delete(ordersEventRows)
})

type Written = { type: EventType; key: string; sequence: number; at?: Date }

/** Writes events, of which these tests follow one consumer. */
async function write(...changes: Written[]): Promise<{ id: number }[]> {
  const written = await writeForAll(...changes)
  await db.execute(sql`delete from ${ordersDeliveries} where consumer <> 'payments'`)
  return written
}

/** Writes events as a change does. */
async function writeForAll(...changes: Written[]): Promise<{ id: number }[]> {
  const rows = changes.map(({ type, key, sequence, at = NOW }) => ({
    type,
    key,
    sequence,
    payload: { orderId: key },
    created_at: at.toISOString(),
  }))
  const ctes = eventCtes(ordersEvents, {
    name: 'told',
    types: [...new Set(changes.map(({ type }) => type))],
    rows: sql`select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as change(type text, key text, sequence bigint, payload jsonb, created_at timestamptz)`,
  })
  const { rows: told } = await db.execute<{ id: string }>(sql`with ${ctes} select id from told order by id`)
  return told.map(({ id }) => ({ id: Number(id) }))
}

const cancelled = (key: string, sequence = 2): Written => ({ type: 'order.cancelled', key, sequence })
const pull = (seconds = 0, limit = 10) => events.pull({ consumer: 'payments', limit, now: later(seconds) })
const settle = (receipts: Receipt[], seconds = 0, consumer: Consumer = 'payments') =>
  events.settle({ consumer, receipts, now: later(seconds) })
const done = ({ id }: ShopEvent): Receipt => ({ eventId: id, outcome: 'done' })
const failed = ({ id }: ShopEvent, failure: string): Receipt => ({ eventId: id, outcome: 'failed', failure })
const statusOf = async (eventId: number) => {
  const found = (await events.list({ limit: 100 })).find(({ id }) => id === eventId)
  return found?.deliveries[0]
}

describe('writing an event', () => {
  it('makes a delivery for each consumer of its type, and for webhooks if it is public', async () => {
    const internal = { type: 'order.extended', key: 'a', sequence: 3 } as const
    await writeForAll(cancelled('a'), { type: 'order.placed', key: 'a', sequence: 1 }, internal)
    const listed = await events.list({ limit: 10 })
    expect(listed.map(({ type, deliveries }) => [type, deliveries.map(({ consumer }) => consumer)]).sort()).toEqual([
      ['order.cancelled', ['live', 'notifications', 'payments', 'webhooks']],
      ['order.extended', []],
      ['order.placed', ['webhooks']],
    ])
  })

  it('writes the same change once', async () => {
    await write(cancelled('a'))
    expect(await write(cancelled('a'))).toEqual([])
    expect(await events.list({ limit: 10 })).toHaveLength(1)
  })
})

describe('pulling events', () => {
  it('returns the oldest event of each key, and the next one only after its confirmation', async () => {
    await write(cancelled('a', 2), cancelled('b', 2))
    await write({ type: 'shipment.shipped', key: 'a', sequence: 3 })
    const first = await pull()
    expect(first.map(({ key, sequence }) => [key, sequence])).toEqual([
      ['a', 2],
      ['b', 2],
    ])
    expect(await pull(3_600, 10).then((again) => again.map(({ key, sequence }) => [key, sequence]))).toEqual([
      ['a', 2],
      ['b', 2],
    ])
    await settle(first.map(done))
    expect(await pull().then((next) => next.map(({ key, sequence }) => [key, sequence]))).toEqual([['a', 3]])
  })

  it('returns an event again after 5 s, then after longer delays, at most a minute', async () => {
    await write(cancelled('a'))
    const due: number[] = []
    let at = 0
    for (let round = 0; round < 7; round += 1) {
      while ((await pull(at)).length === 0) at += 1
      due.push(at)
    }
    expect(due.map((second, index) => second - (due[index - 1] ?? 0))).toEqual([0, 5, 10, 20, 40, 60, 60])
  })

  it('gives each event to one of several concurrent callers', async () => {
    await write(...Array.from({ length: 40 }, (_, index) => cancelled(`order ${index}`)))
    const batches = await Promise.all(Array.from({ length: 4 }, () => pull(0, 10)))
    const ids = batches.flat().map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const rest = await pull(0, 100)
    expect(ids.length + rest.length).toBe(40)
  })

  it('looks up its key for each event, however many are pending and before they have statistics', async () => {
    await write(...Array.from({ length: 2_000 }, (_, index) => cancelled(`order ${index}`)))
    const plan = await planOf(admin, () => pull())
    expect(plan).toMatch(/event_deliveries_order .*\n\s+Index Cond: \(\(consumer = .* AND \(key = /)
    expect(plan).not.toMatch(/Anti Join/)
  })

  it('gives a consumer only its own events', async () => {
    await write(cancelled('a'))
    expect(await events.pull({ consumer: 'orders', limit: 10, now: NOW })).toEqual([])
  })
})

describe('settling deliveries', () => {
  it('confirms once and keeps the first confirmation time', async () => {
    const [one] = await write(cancelled('a'))
    const [event] = await pull()
    if (event === undefined || one === undefined) throw new Error('There is no event')
    await settle([done(event)], 1)
    await settle([{ eventId: event.id, outcome: 'failed', failure: 'late' }], 2)
    expect(await statusOf(one.id)).toMatchObject({ status: 'done', confirmedAt: later(1), lastFailure: undefined })
  })

  it.each(['service_unavailable', 'not_yet'])('retries %s without limit', async (failure) => {
    const [one] = await write(cancelled('a'))
    for (let attempt = 0; attempt < 15; attempt += 1) {
      const [event] = await pull(attempt * 100)
      if (event === undefined) throw new Error('There is no event')
      await settle([failed(event, failure)])
    }
    expect(await statusOf(one?.id ?? 0)).toMatchObject({ status: 'pending', attempts: 15, lastFailure: failure })
  })

  it('parks a delivery after ten other failures, and the key’s next event is delivered', async () => {
    const [one] = await write(cancelled('a', 2))
    await write({ type: 'shipment.shipped', key: 'a', sequence: 3 })
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const [event] = await pull(attempt * 100)
      expect(event?.sequence).toBe(2)
      if (event !== undefined) await settle([failed(event, 'invalid_event')])
    }
    expect(await statusOf(one?.id ?? 0)).toMatchObject({ status: 'parked', lastFailure: 'invalid_event' })
    expect(await pull(2_000)).toMatchObject([{ sequence: 3 }])
  })
})

describe('staff', () => {
  it('retry an ended or parked delivery', async () => {
    const [one] = await write(cancelled('a'))
    const eventId = one?.id ?? 0
    await settle([{ eventId, outcome: 'done' }])
    expect(await events.retry({ eventId, consumer: 'payments', now: later(9) })).toBe(true)
    expect(await pull(9)).toHaveLength(1)
    expect(await events.retry({ eventId, consumer: 'orders', now: NOW })).toBe(false)
  })

  it('skip a delivery that has not ended', async () => {
    const [one] = await write(cancelled('a'))
    const skipped = { eventId: one?.id ?? 0, consumer: 'payments', now: NOW } as const
    expect(await events.skip(skipped)).toBe(true)
    expect(await pull(100)).toEqual([])
    expect(await events.skip(skipped)).toBe(false)
  })

  it('replay a range, a thousand at a time, including events that the consumer never received', async () => {
    await write(...Array.from({ length: 1_005 }, (_, index) => cancelled(`order ${index}`)))
    await write(
      { ...cancelled('before'), at: later(-60) },
      { type: 'order.placed', key: 'nobody takes it', sequence: 1 },
    )
    await db.delete(ordersDeliveries)
    const range = {
      consumer: 'payments',
      types: ['order.cancelled', 'order.placed'],
      from: NOW,
      to: later(1),
      now: NOW,
    } as const
    const first = await events.replay({ ...range, afterId: 0 })
    expect(first).toEqual({ replayed: 1_000, lastId: expect.any(Number) })
    expect(await events.replay({ ...range, afterId: first.lastId ?? 0 })).toEqual({ replayed: 5, lastId: undefined })
    expect(await pull(0, 2_000)).toHaveLength(1_005)
  })

  it('list events newest first, by the status of their deliveries', async () => {
    await write(cancelled('a'), cancelled('b'), cancelled('c'))
    const [first] = await pull()
    if (first !== undefined) await settle([done(first)])
    const pending = await events.list({ consumer: 'payments', status: 'pending', limit: 10 })
    expect(pending.map(({ key }) => key)).toEqual(['c', 'b'])
    const after = { sortKey: '', id: String(pending[0]?.id) }
    expect((await events.list({ limit: 10, after })).map(({ key }) => key)).toEqual(['b', 'a'])
    expect((await events.list({ key: 'a', limit: 10 })).map(({ key }) => key)).toEqual(['a'])
    expect(await events.list({ type: 'order.paid', limit: 10 })).toEqual([])
  })

  it('see the backlog of each consumer', async () => {
    await write(cancelled('a'), { ...cancelled('b'), at: later(-30) })
    expect(await events.lag(later(10))).toEqual([{ consumer: 'payments', pending: 2, parked: 0, lagSeconds: 40 }])
  })

  it('see a thousand of a longer backlog, and read no other events', async () => {
    await write(...Array.from({ length: 1_500 }, (_, index) => cancelled(`order ${index}`)))
    await write(
      ...Array.from({ length: 1_500 }, (_, seq): Written => ({ type: 'order.extended', key: 'x', sequence: seq })),
    )
    // The deliveries to others that `write` has deleted would count as pages to read.
    await admin.query('vacuum (full, analyze) orders.events, orders.event_deliveries')
    expect(await events.lag(later(10))).toEqual([{ consumer: 'payments', pending: 1_000, parked: 0, lagSeconds: 10 }])
    for (const table of ['events', 'event_deliveries']) {
      const { kinds, rows } = await scansOf(admin, table, () => events.lag(NOW))
      expect([table, kinds]).toEqual([table, ['Index Scan']])
      expect(rows).toBeLessThanOrEqual(1_000)
    }
  })

  it('see what is parked behind a longer backlog', async () => {
    const [first] = await write(cancelled('parked'))
    for (let n = 0; n < 10; n += 1) await settle([{ eventId: first?.id ?? 0, outcome: 'failed', failure: 'broken' }])
    await write(...Array.from({ length: 1_200 }, (_, index) => cancelled(`order ${index}`)))
    expect(await events.lag(later(10))).toMatchObject([{ consumer: 'payments', pending: 1_000, parked: 1 }])
  })
})

describe('pruning', () => {
  const DAY = 24 * 3_600

  it('keeps events 30 days after the last confirmation, and unconfirmed ones for good', async () => {
    const [open, confirmed] = await write(cancelled('open'), cancelled('confirmed'))
    await write({ type: 'order.placed', key: 'nobody takes it', sequence: 1 })
    await settle([{ eventId: confirmed?.id ?? 0, outcome: 'done' }], 10 * DAY)
    expect(await events.prune(later(30 * DAY))).toBe(0)
    expect(await events.prune(later(30 * DAY + 1))).toBe(1)
    expect(await events.prune(later(40 * DAY + 1))).toBe(1)
    expect((await events.list({ limit: 10 })).map(({ id }) => id)).toEqual([open?.id])
  })
})
