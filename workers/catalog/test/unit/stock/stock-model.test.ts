import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VariantStock } from '../../../src/stock/domain/variant-stock.ts'
import { memoryStockStorage } from '../../support/memory-stock-storage.ts'
import { runs } from '../../support/runs.ts'
import { type Operation, type Policy, stockModel } from '../../support/stock-model.ts'
import { termsWith, withTerms } from '../../support/terms.ts'

const START = Date.parse('2026-11-23T10:00:00.000Z')
const at = (seconds: number) => new Date(START + seconds * 1_000)

const id = fc.constantFrom('order_a', 'order_b', 'order_c', 'order_d')
const key = fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5')
const quantity = fc.integer({ min: 1, max: 6 })
const seconds = fc.integer({ min: -5, max: 60 })
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('hold' as const), id, quantity, seconds }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('extend' as const), id, seconds }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('release' as const, 'returnSale' as const), id }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('commit' as const, 'commitLate' as const), id, quantity }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('shrink' as const), id, quantity: fc.nat(5) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('adjust' as const),
      key,
      delta: fc.integer({ min: -8, max: 8 }),
      reason: fc.constantFrom('receive' as const, 'damage' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('setAvailable' as const),
      key,
      available: fc.integer({ min: -3, max: 8 }),
      expected: fc.option(fc.integer({ min: -3, max: 8 }), { nil: undefined }),
    }),
  },
)
type Event = { wait: number; policy: Policy; operation: Operation }
/** Half of the operations follow at the same instant; the others let holds expire. */
const historyWith = (...policies: Policy[]): fc.Arbitrary<Event[]> =>
  fc.array(fc.record({ wait: fc.oneof(fc.constant(0), fc.nat(40)), policy: fc.constantFrom(...policies), operation }), {
    maxLength: 60,
  })
/** Staff may change the policy at any time. */
const history = historyWith('deny', 'continue')
const openingStock = fc.nat(8)

type Moment = Pick<Event, 'policy'> & { now: number; one: Operation }
type Terms = Parameters<typeof termsWith>[0]

/** A stock, and what applies one operation to it with the terms of that moment. */
function stockWith(storage = memoryStockStorage().storage, terms: Terms = {}) {
  const stock = withTerms(new VariantStock(storage), () => termsWith(terms))
  const apply = ({ one, now, policy }: Moment): string => {
    const result = answerOf(stock, one, { now, terms: termsWith({ ...terms, policy }) })
    if (result.ok) return 'ok'
    return 'reason' in result.failure ? `${result.failure.code} ${result.failure.reason}` : result.failure.code
  }
  return { level: (now: number) => stock.level(at(now)), apply }
}

function answerOf(
  stock: ReturnType<typeof withTerms>,
  one: Operation,
  { now, terms }: { now: number; terms: ReturnType<typeof termsWith> },
) {
  const expiresAt = 'seconds' in one ? at(now + one.seconds) : at(now)
  switch (one.do) {
    case 'hold':
      return stock.hold({ holdId: one.id, quantity: one.quantity, expiresAt, terms }, at(now))
    case 'extend':
      return stock.extend({ holdId: one.id, expiresAt }, at(now))
    case 'release':
    case 'returnSale':
      return stock[one.do]({ holdId: one.id }, at(now))
    case 'commit':
      return stock.commit({ holdId: one.id, quantity: one.quantity }, at(now))
    case 'commitLate':
      return stock.commitLate({ holdId: one.id, quantity: one.quantity, terms }, at(now))
    case 'shrink':
      return stock.shrink({ holdId: one.id, quantity: one.quantity }, at(now))
    case 'adjust':
      return stock.adjust({ key: one.key, delta: one.delta, reason: one.reason, terms }, at(now))
    case 'setAvailable':
      return stock.setAvailable({ key: one.key, available: one.available, expected: one.expected, terms }, at(now))
  }
}

/** Runs a history and calls `check` after each operation. */
function replay(
  history: Event[],
  stock: ReturnType<typeof stockWith>,
  check: (moment: Moment & { answer: string }) => void,
) {
  let now = 0
  for (const { wait, policy, operation: one } of history) {
    now += wait
    check({ now, one, policy, answer: stock.apply({ one, now, policy }) })
  }
  return now
}

describe('the stock of a variant, after any history', () => {
  it('answers and counts as the reference model does, whenever it is opened', () => {
    fc.assert(
      fc.property(history, openingStock, (operations, opening) => {
        const model = stockModel(opening)
        const stock = stockWith(undefined, { openingStock: opening })
        replay(operations, stock, ({ now, one, policy, answer }) => {
          expect(answer).toBe(model.run(one, now, policy))
          expect(stock.level(now)).toMatchObject(model.level(now))
        })
      }),
      runs(2_000),
    )
  })

  it('increases the sequence with each change, and no change goes further below zero unless the policy allows it', () => {
    fc.assert(
      fc.property(history, openingStock, (operations, opening) => {
        const stock = stockWith(undefined, { openingStock: opening })
        let before = stock.level(0)
        replay(operations, stock, ({ now, policy }) => {
          const level = stock.level(now)
          expect(level.held).toBeGreaterThanOrEqual(0)
          expect(level.available).toBe(level.onHand - level.held)
          if (policy === 'deny') expect(level.available).toBeGreaterThanOrEqual(Math.min(0, before.available))
          const hasChanged = level.onHand !== before.onHand || level.held !== before.held
          if (hasChanged) expect(level.sequence).toBeGreaterThan(before.sequence)
          if (level.sequence === before.sequence) expect(level).toEqual(before)
          before = level
        })
      }),
      runs(300),
    )
  })

  it('never holds more than is on hand', () => {
    fc.assert(
      fc.property(historyWith('deny'), openingStock, (operations, opening) => {
        const stock = stockWith(undefined, { openingStock: opening })
        replay(operations, stock, ({ now }) => expect(stock.level(now).available).toBeGreaterThanOrEqual(0))
      }),
      runs(200),
    )
  })

  it('has a ledger with every movement once, the opening first, which adds up to the units on hand', () => {
    fc.assert(
      fc.property(history, openingStock, (operations, opening) => {
        const model = stockModel(opening)
        const { storage, ledger } = memoryStockStorage()
        const stock = stockWith(storage, { openingStock: opening })
        replay(operations, stock, ({ now, one, policy }) => void model.run(one, now, policy))
        const entries = [...ledger.values()]
        expect(entries.map(({ reason, delta }) => ({ reason, delta }))).toEqual(model.moved)
        let onHand = 0
        for (const entry of entries) {
          onHand += entry.delta
          expect(entry.onHand).toBe(onHand)
        }
        expect(storage.level().onHand).toBe(onHand)
      }),
      runs(500),
    )
  })

  it('is reported low once for each fall to the threshold', () => {
    fc.assert(
      fc.property(history, openingStock, fc.nat(8), (operations, opening, threshold) => {
        const model = stockModel(opening)
        const { storage, low } = memoryStockStorage()
        const stock = stockWith(storage, { openingStock: opening, threshold, thresholdVersion: 1 })
        let falls = 0
        let before = opening
        replay(operations, stock, ({ now, one, policy }) => {
          // Holds that have expired since came back before the operation was decided.
          before = Math.max(before, model.level(now).available)
          model.run(one, now, policy)
          const { available } = model.level(now)
          if (before > threshold && available <= threshold) falls += 1
          before = available
          expect(low).toHaveLength(falls)
        })
        expect(new Set(low.map(({ sequence }) => sequence)).size).toBe(falls)
      }),
      runs(500),
    )
  })

  it('answers the same and changes nothing when a call is repeated', () => {
    fc.assert(
      fc.property(history, openingStock, (operations, opening) => {
        const stock = stockWith(undefined, { openingStock: opening })
        replay(operations, stock, ({ now, one, policy, answer }) => {
          const level = stock.level(now)
          expect(stock.apply({ one, now, policy })).toBe(answer)
          expect(stock.level(now)).toEqual(level)
        })
      }),
      runs(200),
    )
  })

  it('holds nothing once every hold has expired', () => {
    fc.assert(
      fc.property(history, (operations) => {
        const stock = stockWith()
        const end = replay(operations, stock, () => {})
        expect(stock.level(end + 61).held).toBe(0)
      }),
      runs(200),
    )
  })
})

describe('a variant that has listed a level and whose object is empty', () => {
  const lost = 'stock_lost'

  it('refuses whatever its terms would open, whatever else is asked of it', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1 }), (operations, sequence) => {
        const { storage, ledger } = memoryStockStorage()
        const stock = new VariantStock(storage)
        const terms = termsWith({ openingStock: 5, sequence, threshold: 3, thresholdVersion: 7 })
        const refused = { ok: false, failure: { code: lost, variantId: 1 } }
        for (const { operation: one } of operations) {
          const now = at(0)
          const request = { holdId: 'order_a', quantity: 1 }
          if (one.do === 'hold') expect(stock.hold({ ...request, expiresAt: at(9), terms }, now)).toEqual(refused)
          if (one.do === 'commitLate') expect(stock.commitLate({ ...request, terms }, now)).toEqual(refused)
          if (one.do === 'adjust') expect(stock.adjust({ ...one, terms }, now)).toEqual(refused)
          if (one.do === 'setAvailable') expect(stock.setAvailable({ ...one, terms }, now)).toEqual(refused)
          if (one.do === 'release') expect(stock.release({ holdId: one.id }, now)).toMatchObject({ ok: true })
          if (one.do === 'commit') expect(stock.commit(request, now)).toMatchObject({ failure: { code: 'hold_gone' } })
          expect(stock.level({ terms }, now)).toEqual(refused)
        }
        expect(ledger.size).toBe(0)
        expect(storage.level()).toMatchObject({ onHand: 0, held: 0, sequence: 0 })
        expect(storage.threshold().version).toBe(0)
      }),
      runs(200),
    )
  })

  it('refuses many late commits as one', () => {
    const stock = new VariantStock(memoryStockStorage().storage)
    const terms = termsWith({ openingStock: 5, sequence: 2 })
    const requests = ['order_a', 'order_b'].map((holdId) => ({ holdId, quantity: 1, terms }))
    expect(stock.batch('commitLate', requests, at(0))).toMatchObject({ failure: { code: lost } })
  })
})

describe('a variant whose object was not needed yet', () => {
  it('is answered from its terms, and writes nothing', () => {
    const { storage, ledger } = memoryStockStorage()
    const stock = withTerms(new VariantStock(storage), () => termsWith({ openingStock: 5 }))
    expect(stock.level(at(0))).toEqual({ onHand: 5, held: 0, available: 5, sequence: 0 })
    expect(stock.findHolds({ holdIds: ['order_a'] }, at(0))).toMatchObject([{ state: 'unknown' }])
    expect(stock.commit({ holdId: 'order_a', quantity: 1 }, at(0))).toMatchObject({ failure: { code: 'hold_gone' } })
    expect(stock.extend({ holdId: 'order_a', expiresAt: at(9) }, at(0))).toMatchObject({ ok: false })
    stock.returnSale({ holdId: 'order_a' }, at(0))
    expect([storage.level().sequence, ledger.size]).toEqual([0, 0])
  })

  it('keeps the release of a hold that has not arrived, and opens with the next one', () => {
    const { storage, ledger } = memoryStockStorage()
    const stock = withTerms(new VariantStock(storage), () => termsWith({ openingStock: 5 }))
    stock.release({ holdId: 'order_a' }, at(0))
    expect([storage.level().sequence, ledger.size]).toEqual([0, 0])
    const hold = { quantity: 5, expiresAt: at(9) }
    expect(stock.hold({ ...hold, holdId: 'order_a' }, at(1))).toMatchObject({ failure: { reason: 'released' } })
    expect(stock.hold({ ...hold, holdId: 'order_b' }, at(1))).toMatchObject({ value: { level: { available: 0 } } })
    expect([...ledger.values()]).toMatchObject([{ key: 'opening:1', reason: 'opening', delta: 5, onHand: 5 }])
  })

  it('is opened by a request that is refused, also without stock, and has a level from then on', () => {
    const { storage, ledger } = memoryStockStorage()
    const stock = withTerms(new VariantStock(storage), () => termsWith())
    expect(stock.commitLate({ holdId: 'order_a', quantity: 1 }, at(0))).toMatchObject({
      failure: { code: 'out_of_stock', available: 0 },
    })
    expect([...ledger.values()]).toMatchObject([{ reason: 'opening', requested: 0, delta: 0 }])
    expect(storage.level()).toEqual({ onHand: 0, held: 0, available: 0, sequence: 1 })
  })
})
