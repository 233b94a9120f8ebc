import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakePostgres } from '../support/fake-postgres.ts'
import { withTerms } from '../support/stock-stub.ts'
import { termsWith } from '../support/terms.ts'

let postgres: ReturnType<typeof fakePostgres>

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  for (const level of ['warn', 'error'] as const) vi.spyOn(console, level).mockImplementation(() => {})
  postgres = fakePostgres()
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

// Storage is shared by all tests, so each has its own variants.
let lastVariant = 1_000
/** A variant with so many units, whose object nobody has called. */
function unopened(openingStock: number) {
  lastVariant += 1
  const variantId = lastVariant
  const object = env.STOCK.getByName(String(variantId))
  const terms = termsWith({ openingStock })
  return { stub: object, variantId, terms }
}
/** The same with an open object, and calls that carry its terms. */
async function stockOf(openingStock: number) {
  const { stub: object, variantId, terms } = unopened(openingStock)
  await object.setAvailable({ available: openingStock, key: 'set:open', terms })
  return { stub: withTerms(object, terms), object, variantId }
}
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000)
const passSeconds = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000)
/** Half seconds from now, rounded: waiting advances the test's clock by some milliseconds. */
const halfSeconds = (time: number) => Math.round((time - Date.now()) / 500)
const units = (onHand: number, held: number) => ({ onHand, held, available: onHand - held })
type Stub = ReturnType<typeof unopened>['stub']
type Terms = ReturnType<typeof unopened>['terms']
const rowsOf = (object: Stub, query: string) =>
  runInDurableObject(object, (_, state) => state.storage.sql.exec(query).toArray())
const alarmOf = (object: Stub) => runInDurableObject(object, (_, state) => state.storage.getAlarm())

describe('a stock object', () => {
  it('keeps holds and sales when it is evicted', async () => {
    const { stub, object } = await stockOf(10)
    await stub.hold({ holdId: 'order_a', quantity: 2, expiresAt: inSeconds(900) })
    await stub.hold({ holdId: 'order_b', quantity: 3, expiresAt: inSeconds(900) })
    await stub.commit({ holdId: 'order_a', quantity: 2 })
    await evictDurableObject(object)
    expect(await stub.level()).toMatchObject(units(8, 3))
    expect(await stub.commit({ holdId: 'order_a', quantity: 2 })).toMatchObject({ ok: true, value: { repeated: true } })
    expect(await stub.hold({ holdId: 'order_b', quantity: 3, expiresAt: inSeconds(900) })).toMatchObject({ ok: true })
    expect(await stub.level()).toMatchObject(units(8, 3))
  })

  it('counts the units that were sold and not returned, and lists the count soon', async () => {
    const { stub, object, variantId } = await stockOf(10)
    const soldOf = async () => {
      passSeconds(5)
      await runDurableObjectAlarm(object)
      return postgres.of(variantId).at(-1)?.sold
    }
    const expiresAt = inSeconds(900)
    for (const [holdId, quantity] of [
      ['order_a', 2],
      ['order_b', 3],
      ['order_c', 1],
    ] as const) {
      await stub.hold({ holdId, quantity, expiresAt })
    }
    expect(await soldOf()).toBe(0)
    for (const [holdId, quantity] of [
      ['order_a', 2],
      ['order_b', 3],
    ] as const)
      await stub.commit({ holdId, quantity })
    await stub.commit({ holdId: 'order_a', quantity: 2 })
    expect(await soldOf()).toBe(5)
    for (const holdId of ['order_a', 'order_a', 'order_c']) await stub.returnSale({ holdId })
    expect(await soldOf()).toBe(3)
    await stub.release({ holdId: 'order_c' })
    await stub.commitLate({ holdId: 'order_d', quantity: 4 })
    expect(await soldOf()).toBe(7)
  })

  it('gives a unit to 50 of 100 concurrent orders when there are 50', async () => {
    const { stub, variantId } = await stockOf(50)
    const expiresAt = inSeconds(900)
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => stub.hold({ holdId: `order_${n}`, quantity: 1, expiresAt })),
    )
    const refused = answers.filter((answer) => !answer.ok)
    expect(refused).toHaveLength(50)
    for (const answer of refused) {
      expect(answer).toEqual({ ok: false, failure: { code: 'out_of_stock', variantId, requested: 1, available: 0 } })
    }
    expect(await stub.level()).toMatchObject(units(50, 50))
  })

  it('releases only the given hold', async () => {
    const { stub } = await stockOf(10)
    await stub.hold({ holdId: 'order_a', quantity: 2, expiresAt: inSeconds(900) })
    await stub.hold({ holdId: 'order_b', quantity: 3, expiresAt: inSeconds(900) })
    await stub.release({ holdId: 'order_b' })
    await stub.release({ holdId: 'order_b' })
    expect(await stub.level()).toMatchObject(units(10, 2))
  })

  it('makes a hold and a sale smaller, and counts what is still sold', async () => {
    const { stub, object } = await stockOf(10)
    for (const holdId of ['held', 'sold']) await stub.hold({ holdId, quantity: 4, expiresAt: inSeconds(900) })
    await stub.commit({ holdId: 'sold', quantity: 4 })
    for (const holdId of ['held', 'sold', 'held', 'sold']) await object.shrink({ holdId, quantity: 1 })
    await evictDurableObject(object)
    expect(await stub.level()).toMatchObject(units(9, 1))
    expect(await rowsOf(object, 'SELECT sold FROM level')).toEqual([{ sold: 1 }])
    expect(await object.batch('shrink', [{ holdId: 'held', quantity: 0 }])).toMatchObject([{ ok: true }])
    expect(await stub.level()).toMatchObject(units(9, 0))
  })

  it('distinguishes the ways in which a hold id can be misused', async () => {
    const { stub } = await stockOf(10)
    const ask = async (holdId: string, quantity = 1) => {
      const answer = await stub.hold({ holdId, quantity, expiresAt: inSeconds(900) })
      return answer.ok ? 'held' : 'reason' in answer.failure ? answer.failure.reason : answer.failure.code
    }
    await stub.release({ holdId: 'overtaken' })
    for (const holdId of ['live', 'released', 'committed']) await ask(holdId)
    await stub.hold({ holdId: 'expired', quantity: 1, expiresAt: inSeconds(5) })
    await stub.release({ holdId: 'released' })
    await stub.commit({ holdId: 'committed', quantity: 1 })
    passSeconds(6)
    expect(await ask('live')).toBe('held')
    expect(await ask('live', 2)).toBe('other_quantity')
    expect(await ask('released')).toBe('released')
    expect(await ask('overtaken')).toBe('released')
    expect(await ask('committed')).toBe('committed')
    expect(await ask('expired')).toBe('expired')
    expect(await ask('too much', 99)).toBe('out_of_stock')
  })

  it('has only its public methods on its prototype', async () => {
    const { object } = await stockOf(0)
    const methods = await runInDurableObject(object, (instance) =>
      Object.getOwnPropertyNames(Object.getPrototypeOf(instance)),
    )
    expect(methods.sort()).toEqual(
      'adjust alarm audit batch commit commitLate constructor extend findHolds hold ledger level release returnSale setAvailable shrink'.split(
        ' ',
      ),
    )
  })
})

describe('the ledger', () => {
  it('has every movement with its reason, its actor and the resulting units on hand, newest first', async () => {
    const { stub, variantId } = await stockOf(10)
    await stub.adjust({ delta: 5, reason: 'receive', note: 'PO 17', actor: 'user_a', key: 'delivery' })
    await stub.hold({ holdId: 'order_a', quantity: 4, expiresAt: inSeconds(900) })
    await stub.commit({ holdId: 'order_a', quantity: 4 })
    await stub.commit({ holdId: 'order_a', quantity: 4 })
    await stub.returnSale({ holdId: 'order_a' })
    await stub.setAvailable({ available: 9, actor: 'user_b', key: 'set:1' })
    const { level, entries } = await stub.ledger({ limit: 10 })
    expect(level).toMatchObject(units(9, 0))
    expect(entries.map(({ reason, delta, onHand, actor }) => [reason, delta, onHand, actor])).toEqual([
      ['set', -6, 9, 'user_b'],
      ['undo', 4, 15, null],
      ['commit', -4, 11, null],
      ['receive', 5, 15, 'user_a'],
      ['opening', 10, 10, null],
    ])
    expect(entries[3]).toMatchObject({ entry: 2, key: 'delivery', note: 'PO 17', at: expect.any(Date) })
    expect(entries[2]?.key).toContain('order_a')
    const { entries: older } = await stub.ledger({ before: 2, limit: 10 })
    expect(older).toMatchObject([{ entry: 1, key: `opening:${variantId}` }])
  })

  it('cannot be changed, even by a query', async () => {
    const { object } = await stockOf(10)
    for (const query of ['UPDATE ledger SET delta = 11', 'DELETE FROM ledger']) {
      await expect(rowsOf(object, query)).rejects.toThrow('append-only')
    }
    expect(await rowsOf(object, 'SELECT delta FROM ledger')).toEqual([{ delta: 10 }])
  })

  it('is migrated from the adjustments and sales of an older object', async () => {
    const { stub, object, variantId } = await stockOf(0)
    await runInDurableObject(object, (_, { storage }) => {
      storage.sql.exec(`DROP TABLE ledger; DROP TABLE low_stock; DROP TABLE low_stock_watch; DELETE FROM level;
        ALTER TABLE level DROP COLUMN oversold;
        ALTER TABLE level DROP COLUMN sold`)
      storage.sql.exec(`UPDATE schema_version SET version = 1;
        CREATE TABLE adjustments (key TEXT PRIMARY KEY, kind TEXT, requested INTEGER, delta INTEGER, reason TEXT, at INTEGER);
        INSERT INTO adjustments VALUES
          ('opening:1', 'open', 20, 20, 'opening', 1000), ('set:1', 'set', 12, -4, 'set', 3000),
          ('order_b:1:undo', 'return', 2, 2, 'undo', 5000), ('old', 'adjust', 3, 3, 'found in the back', 6000);
        INSERT INTO sales VALUES ('order_a', 4, 'sold', 16, 2000), ('order_b', 2, 'returned', 10, 4000), ('order_c', 99, 'refused', 1, 4500);
        INSERT INTO level (id, on_hand, held, sequence) VALUES (1, 15, 0, 6)`)
    })
    await evictDurableObject(object)
    const { level, entries } = await stub.ledger({ limit: 10 })
    expect(level).toEqual({ ...units(15, 0), sequence: 6 })
    expect(entries.map(({ reason, delta, onHand, note }) => [reason, delta, onHand, note])).toEqual([
      ['correct', 3, 15, 'found in the back'],
      ['undo', 2, 12, null],
      ['commit', -2, 10, null],
      ['set', -4, 12, null],
      ['commit', -4, 16, null],
      ['opening', 20, 20, null],
    ])
    expect(await stub.commit({ holdId: 'order_a', quantity: 4 })).toMatchObject({ ok: true, value: { repeated: true } })
    expect(await stub.setAvailable({ available: 12, key: 'set:1' })).toMatchObject({ ok: true })
    await evictDurableObject(object)
    expect((await stub.ledger({ limit: 10 })).entries).toHaveLength(6)
    expect(variantId).toBeGreaterThan(0)
  })
})

describe('an object that a newer version has run, whose deployment was rolled back', () => {
  it('goes on with the tables it has, and keeps what only the newer version knows', async () => {
    const { stub, object } = await stockOf(10)
    const expiresAt = inSeconds(900)
    for (const holdId of ['order_a', 'order_b']) await stub.hold({ holdId, quantity: 1, expiresAt })
    await runInDurableObject(object, (_, { storage }) => {
      storage.sql.exec(`
        ALTER TABLE level ADD COLUMN incoming INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE holds ADD COLUMN channel TEXT;
        ALTER TABLE sales ADD COLUMN channel TEXT;
        ALTER TABLE projection ADD COLUMN note TEXT;
        CREATE TABLE incoming (at INTEGER PRIMARY KEY, quantity INTEGER NOT NULL);
        UPDATE level SET incoming = 7; UPDATE holds SET channel = 'web'; UPDATE projection SET note = 'kept';
        UPDATE schema_version SET version = version + 1`)
    })
    const [newer] = await rowsOf(object, 'SELECT version FROM schema_version')
    await evictDurableObject(object)
    expect(await stub.extend({ holdId: 'order_a', expiresAt: inSeconds(2_000) })).toMatchObject({ ok: true })
    expect(await stub.hold({ holdId: 'order_c', quantity: 2, expiresAt })).toMatchObject({ ok: true })
    expect(await stub.commit({ holdId: 'order_b', quantity: 1 })).toMatchObject({ ok: true })
    expect(await stub.returnSale({ holdId: 'order_b' })).toMatchObject({ ok: true })
    expect(await stub.adjust({ delta: 5, reason: 'receive', key: 'delivery' })).toMatchObject({ ok: true })
    expect(await stub.level()).toMatchObject(units(15, 3))
    expect(await rowsOf(object, 'SELECT incoming FROM level')).toEqual([{ incoming: 7 }])
    expect(await rowsOf(object, 'SELECT hold_id, channel FROM holds ORDER BY hold_id')).toEqual([
      { hold_id: 'order_a', channel: 'web' },
      { hold_id: 'order_c', channel: null },
    ])
    expect(await rowsOf(object, 'SELECT note FROM projection')).toEqual([{ note: 'kept' }])
    expect(await rowsOf(object, 'SELECT version FROM schema_version')).toEqual([newer])
  })
})

describe('an object that nobody needed before', () => {
  const tablesOf = (object: Stub) =>
    rowsOf(object, "SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf\\_%' ESCAPE '\\'")

  it('answers from the terms that a question carries, and stores nothing', async () => {
    const { stub, terms } = unopened(7)
    expect(await stub.level({ terms })).toEqual({ ...units(7, 0), sequence: 0 })
    expect(await stub.ledger({ limit: 10, terms })).toEqual({ level: { ...units(7, 0), sequence: 0 }, entries: [] })
    const audit = { level: { ...units(7, 0), sequence: 0 }, moved: 7, held: 0, isListingDue: false, isLost: false }
    expect(await stub.audit({ terms })).toEqual(audit)
    expect(await stub.findHolds({ holdIds: ['order_a'] })).toMatchObject([{ state: 'unknown', quantity: 0 }])
    const never = { ok: false, failure: { code: 'hold_gone', reason: 'never_held' } }
    expect(await stub.commit({ holdId: 'order_a', quantity: 1 })).toMatchObject(never)
    expect(await stub.extend({ holdId: 'order_a', expiresAt: inSeconds(60) })).toMatchObject(never)
    expect(await stub.returnSale({ holdId: 'order_a' })).toMatchObject({ ok: true })
    expect(await tablesOf(stub)).toEqual([])
    expect(await alarmOf(stub)).toBeNull()
    await evictDurableObject(stub)
    expect(await stub.level({ terms })).toMatchObject(units(7, 0))
    expect(await tablesOf(stub)).toEqual([])
    expect(postgres.state.attempts).toBe(0)
  })

  it('begins with its opening stock at its first hold, once, and lists what is left of it', async () => {
    const { stub, terms, variantId } = unopened(7)
    const hold = { quantity: 7, expiresAt: inSeconds(900), terms }
    const [a, b] = await Promise.all(['order_a', 'order_b'].map((holdId) => stub.hold({ ...hold, holdId })))
    expect([a?.ok, b?.ok].sort()).toEqual([false, true])
    await evictDurableObject(stub)
    const later = { ...terms, openingStock: 99 }
    expect(await stub.ledger({ limit: 10, terms: later })).toMatchObject({
      level: { ...units(7, 7), sequence: 2 },
      entries: [{ key: `opening:${variantId}`, reason: 'opening', delta: 7 }],
    })
    await vi.waitFor(() => expect(postgres.of(variantId).at(-1)).toMatchObject({ available: 0, sequence: 2 }), 2_000)
  })

  it.each([
    ['a late commit', 0, (stub: Stub, terms: Terms) => stub.commitLate({ holdId: 'order_a', quantity: 1, terms })],
    ['an adjustment', 3, (stub: Stub, terms: Terms) => stub.adjust({ delta: 3, reason: 'receive', key: 'a', terms })],
    ['setting its stock', 4, (stub: Stub, terms: Terms) => stub.setAvailable({ available: 4, key: 'a', terms })],
  ] as const)('has its opening in the ledger, also of no units, before %s', async (_, onHand, call) => {
    const { stub, terms, variantId } = unopened(0)
    await call(stub, terms)
    const { level, entries } = await withTerms(stub, terms).ledger({ limit: 10 })
    expect(level).toMatchObject(units(onHand, 0))
    expect(entries.at(-1)).toMatchObject({ key: `opening:${variantId}`, requested: 0, delta: 0, entry: 1 })
    await vi.waitFor(() => expect(postgres.of(variantId).at(-1)).toMatchObject({ available: onHand }), 2_000)
  })

  it('keeps a release that came first, and is not open with it', async () => {
    const { stub, terms } = unopened(7)
    await stub.release({ holdId: 'order_a' })
    expect(await rowsOf(stub, 'SELECT hold_id, state FROM holds')).toEqual([{ hold_id: 'order_a', state: 'released' }])
    expect(await rowsOf(stub, 'SELECT * FROM ledger')).toEqual([])
    expect(await stub.level({ terms })).toEqual({ ...units(7, 0), sequence: 0 })
    const hold = { holdId: 'order_a', quantity: 1, expiresAt: inSeconds(900), terms }
    expect(await stub.hold(hold)).toMatchObject({ failure: { code: 'hold_conflict', reason: 'released' } })
    expect(await stub.level({ terms })).toEqual({ ...units(7, 0), sequence: 1 })
  })
})

describe('an object that has lost its storage', () => {
  it('refuses what would open it again, and says so in its audit', async () => {
    const { stub, object, variantId } = await stockOf(7)
    await vi.waitFor(() => expect(postgres.of(variantId)).toHaveLength(1), 2_000)
    await runInDurableObject(object, (_, { storage }) => storage.deleteAll())
    await evictDurableObject(object)
    const terms = { ...stub.terms, sequence: 1 }
    const lost = { ok: false, failure: { code: 'stock_lost', variantId } }
    const order = { holdId: 'order_a', quantity: 1, terms }
    expect(await object.hold({ ...order, expiresAt: inSeconds(900) })).toEqual(lost)
    expect(await object.commitLate(order)).toEqual(lost)
    expect(await object.batch('commitLate', [order])).toEqual(lost)
    expect(await object.adjust({ delta: 1, reason: 'receive', key: 'a', terms })).toEqual(lost)
    expect(await object.setAvailable({ available: 1, key: 'a', terms })).toEqual(lost)
    expect(await object.level({ terms })).toEqual(lost)
    expect(await object.ledger({ limit: 10, terms })).toEqual(lost)
    expect(await object.audit({ terms })).toMatchObject({ isLost: true, level: { sequence: 0 }, moved: 0 })
  })
})

describe('a variant that is sold below zero', () => {
  it('keeps what it has sold when its object is evicted', async () => {
    const { stub, object, variantId } = await stockOf(2)
    stub.terms = { ...stub.terms, policy: 'continue' }
    const expiresAt = inSeconds(900)
    expect(await stub.hold({ holdId: 'order_a', quantity: 3, expiresAt })).toMatchObject({ ok: true })
    expect(await stub.commit({ holdId: 'order_a', quantity: 3 })).toMatchObject({ ok: true })
    expect(await stub.hold({ holdId: 'order_b', quantity: 4, expiresAt })).toMatchObject({ ok: true })
    await evictDurableObject(object)
    expect(await stub.audit()).toMatchObject({ level: units(-1, 4), moved: -1, held: 4 })
    await vi.waitFor(() => expect(postgres.of(variantId).at(-1)).toMatchObject({ available: -5 }), 2_000)
    await stub.adjust({ delta: 20, reason: 'receive', key: 'delivery' })
    expect(await rowsOf(object, 'SELECT on_hand, held, oversold FROM level')).toEqual([
      { on_hand: 19, held: 4, oversold: 0 },
    ])
  })
})

describe('an alarm that fails', () => {
  it('is logged, and leaves the object as an error without details', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { object } = await stockOf(1)
    const failed = await runInDurableObject(object, async (instance, { storage }) => {
      storage.sql.exec('ALTER TABLE holds RENAME TO canary')
      const message = await instance.alarm().catch((error: Error) => error.message)
      storage.sql.exec('ALTER TABLE canary RENAME TO holds')
      return message
    })
    expect(failed).toBe('stock_alarm_failed')
    expect(logged.mock.calls.flat().join()).toContain('"stock_alarm_failed"')
  })
})

describe('many requests of one kind', () => {
  it('are decided in one call, each as if it came alone', async () => {
    const { stub, variantId } = await stockOf(10)
    const expiresAt = inSeconds(900)
    for (const holdId of ['order_a', 'order_b']) await stub.hold({ holdId, quantity: 2, expiresAt })
    const answers = await stub.batch('commit', [
      { holdId: 'order_a', quantity: 2 },
      { holdId: 'order_none', quantity: 1 },
      { holdId: 'order_b', quantity: 2 },
    ])
    expect(answers).toMatchObject([
      { ok: true, value: { repeated: false } },
      { ok: false, failure: { code: 'hold_gone', variantId, holdId: 'order_none', reason: 'never_held' } },
      { ok: true, value: { level: units(6, 0) } },
    ])
    expect(await stub.level()).toMatchObject(units(6, 0))
  })
})

describe('an overdue hold', () => {
  it('is expired by the alarm, once', async () => {
    const { stub, object } = await stockOf(10)
    await stub.hold({ holdId: 'order_a', quantity: 4, expiresAt: inSeconds(900) })
    passSeconds(901)
    await runDurableObjectAlarm(object)
    const [afterOne] = await rowsOf(object, 'SELECT on_hand, held, sequence FROM level')
    expect(afterOne).toMatchObject({ on_hand: 10, held: 0 })
    expect(await rowsOf(object, 'SELECT state FROM holds')).toEqual([{ state: 'expired' }])
    await runInDurableObject(object, (instance) => instance.alarm())
    expect(await rowsOf(object, 'SELECT on_hand, held, sequence FROM level')).toEqual([afterOne])
  })

  it('expires at its time, whether or not the alarm has fired', async () => {
    const { stub } = await stockOf(4)
    await stub.hold({ holdId: 'order_a', quantity: 4, expiresAt: inSeconds(900) })
    passSeconds(900)
    expect(await stub.commit({ holdId: 'order_a', quantity: 4 })).toMatchObject({ failure: { reason: 'expired' } })
    expect(await stub.hold({ holdId: 'order_b', quantity: 4, expiresAt: inSeconds(900) })).toMatchObject({ ok: true })
  })

  it('leaves the alarm set for the next hold', async () => {
    const { stub, object, variantId } = await stockOf(10)
    const [first, second] = [inSeconds(60), inSeconds(120)]
    await stub.hold({ holdId: 'order_b', quantity: 1, expiresAt: second })
    await stub.hold({ holdId: 'order_a', quantity: 1, expiresAt: first })
    await vi.waitFor(() => expect(postgres.of(variantId).at(-1)).toMatchObject({ available: 8 }))
    passSeconds(61)
    await runInDurableObject(object, (instance) => instance.alarm())
    passSeconds(1)
    await runInDurableObject(object, (instance) => instance.alarm())
    await vi.waitFor(() => expect(postgres.of(variantId).at(-1)).toMatchObject({ available: 9 }))
    await vi.waitFor(async () =>
      expect(await rowsOf(object, 'SELECT due_at FROM projection')).toEqual([{ due_at: null }]),
    )
    expect(await alarmOf(object)).toBe(second.getTime())
  })

  it('expires by itself, in real time', async () => {
    vi.useRealTimers()
    const { stub, object, variantId } = await stockOf(10)
    await stub.hold({ holdId: 'order_a', quantity: 4, expiresAt: inSeconds(1) })
    await vi.waitFor(() => expect(postgres.of(variantId).at(-1)).toMatchObject({ available: 6 }), 2_000)
    await vi.waitFor(() => expect(postgres.of(variantId).at(-1)).toMatchObject({ available: 10 }), 2_000)
    expect(await rowsOf(object, 'SELECT state FROM holds')).toEqual([{ state: 'expired' }])
  })

  it('is kept for 48 hours, and a sale for good', async () => {
    const { stub, object } = await stockOf(10)
    for (const holdId of ['ended', 'sold']) await stub.hold({ holdId, quantity: 1, expiresAt: inSeconds(60) })
    await stub.commit({ holdId: 'sold', quantity: 1 })
    passSeconds(61 + 47 * 3_600)
    await runInDurableObject(object, (instance) => instance.alarm())
    expect(await rowsOf(object, 'SELECT hold_id FROM holds')).toEqual([{ hold_id: 'ended' }])
    passSeconds(3_600)
    await runInDurableObject(object, (instance) => instance.alarm())
    expect(await rowsOf(object, 'SELECT hold_id FROM holds')).toEqual([])
    expect(await stub.commit({ holdId: 'sold', quantity: 1 })).toMatchObject({ ok: true, value: { repeated: true } })
    expect(await stub.level()).toMatchObject(units(9, 0))
  })
})

describe('low stock', () => {
  it('is reported once for each fall to the threshold, even when the stock rose again before the report', async () => {
    const { stub, object, variantId } = await stockOf(5)
    stub.terms = { ...stub.terms, threshold: 3, thresholdVersion: 1 }
    const expiresAt = inSeconds(900)
    await stub.hold({ holdId: 'order_a', quantity: 2, expiresAt })
    await stub.hold({ holdId: 'order_b', quantity: 1, expiresAt })
    await stub.release({ holdId: 'order_a' })
    await stub.hold({ holdId: 'order_c', quantity: 4, expiresAt })
    await vi.waitFor(() => expect(postgres.lowOf(variantId)).toHaveLength(2), 2_000)
    expect(postgres.lowOf(variantId).map(({ available, threshold }) => [available, threshold])).toEqual([
      [3, 3],
      [0, 3],
    ])
    await vi.waitFor(async () => expect(await rowsOf(object, 'SELECT * FROM low_stock')).toEqual([]))
  })

  it('is reported once Postgres answers again', async () => {
    vi.useRealTimers()
    postgres.state.mode = 'down'
    const { stub, object, variantId } = await stockOf(5)
    stub.terms = { ...stub.terms, threshold: 3, thresholdVersion: 1 }
    await stub.adjust({ delta: -4, reason: 'damage', key: 'broken' })
    await vi.waitFor(
      async () => expect(await rowsOf(object, 'SELECT failures FROM projection')).toEqual([{ failures: 1 }]),
      2_000,
    )
    postgres.state.mode = 'up'
    await vi.waitFor(() => expect(postgres.lowOf(variantId)).toMatchObject([{ available: 1, threshold: 3 }]), 4_000)
  })

  it('is decided by the newest threshold, not by the last to arrive', async () => {
    const { stub, object } = await stockOf(5)
    const { terms } = stub
    stub.terms = { ...terms, threshold: null, thresholdVersion: 2 }
    await stub.hold({ holdId: 'order_a', quantity: 1, expiresAt: inSeconds(900) })
    stub.terms = { ...terms, threshold: 3, thresholdVersion: 1 }
    await stub.adjust({ delta: -4, reason: 'damage', key: 'broken' })
    expect(await rowsOf(object, 'SELECT * FROM low_stock')).toEqual([])
  })
})

describe('the projection', () => {
  it('lists a burst of changes within seconds, in a few writes', async () => {
    const { stub, variantId } = await stockOf(100)
    const expiresAt = inSeconds(900)
    await Promise.all(Array.from({ length: 30 }, (_, n) => stub.hold({ holdId: `order_${n}`, quantity: 1, expiresAt })))
    const { sequence } = await stub.level()
    await vi.waitFor(() => expect(postgres.of(variantId).at(-1)).toMatchObject({ available: 70, sequence }), 2_000)
    expect(postgres.of(variantId).length).toBeLessThan(5)
  })

  it('writes many variants in a few statements', async () => {
    const expiresAt = inSeconds(900)
    const stocks = await Promise.all(Array.from({ length: 20 }, () => stockOf(10)))
    const { statements } = postgres.state
    for (const { stub } of stocks) await stub.hold({ holdId: 'order_a', quantity: 1, expiresAt })
    await vi.waitFor(() => {
      for (const { variantId } of stocks) expect(postgres.of(variantId).at(-1)).toMatchObject({ available: 9 })
    }, 2_000)
    expect(postgres.state.statements - statements).toBeLessThan(10)
  })

  it('is not written again once it is confirmed', async () => {
    const { object, variantId } = await stockOf(10)
    await vi.waitFor(async () =>
      expect(await rowsOf(object, 'SELECT due_at FROM projection')).toEqual([{ due_at: null }]),
    )
    expect(await alarmOf(object)).toBeNull()
    await runInDurableObject(object, (instance) => instance.alarm())
    expect(postgres.of(variantId)).toHaveLength(1)
  })

  it('delays no expiry when it fails, and is repeated once Postgres answers again', async () => {
    vi.useRealTimers()
    postgres.state.mode = 'down'
    const { stub, object, variantId } = await stockOf(10)
    await stub.hold({ holdId: 'order_a', quantity: 4, expiresAt: inSeconds(0.5) })
    await vi.waitFor(
      async () => expect(await rowsOf(object, 'SELECT state FROM holds')).toEqual([{ state: 'expired' }]),
      { timeout: 900, interval: 20 },
    )
    expect(postgres.of(variantId)).toEqual([])
    postgres.state.mode = 'up'
    const { sequence } = await stub.level()
    await vi.waitFor(() => expect(postgres.of(variantId).at(-1)).toMatchObject({ available: 10, sequence }), 4_000)
  })

  it('delays no expiry when it hangs', async () => {
    vi.useRealTimers()
    postgres.state.mode = 'hanging'
    const { stub, object } = await stockOf(10)
    await vi.waitFor(() => expect(postgres.state.attempts).toBe(1), 2_000)
    await stub.hold({ holdId: 'order_a', quantity: 4, expiresAt: inSeconds(0.3) })
    await vi.waitFor(
      async () => expect(await rowsOf(object, 'SELECT state FROM holds')).toEqual([{ state: 'expired' }]),
      { timeout: 900, interval: 20 },
    )
  })

  it('backs off while Postgres does not answer, and is repeated after an attempt without an outcome', async () => {
    const { stub: object, terms } = unopened(5)
    vi.setSystemTime(new Date('2099-01-01T00:00:00.000Z'))
    postgres.state.mode = 'down'
    await object.setAvailable({ available: 5, key: 'set:open', terms })
    const delays: number[] = []
    for (let attempt = 0; attempt < 8; attempt += 1) {
      passSeconds(30)
      await runInDurableObject(object, (instance) => instance.alarm())
      await vi.waitFor(async () => {
        expect(await rowsOf(object, 'SELECT failures FROM projection')).toEqual([{ failures: attempt + 1 }])
      })
      delays.push(halfSeconds(Number((await rowsOf(object, 'SELECT due_at FROM projection'))[0]?.due_at)))
    }
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
    postgres.state.mode = 'hanging'
    passSeconds(30)
    await runInDurableObject(object, (instance) => instance.alarm())
    expect(halfSeconds(Number(await alarmOf(object)))).toBe(20)
  })
})
