import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VariantStock } from '../../../src/stock/domain/variant-stock.ts'
import { memoryStockStorage } from '../../support/memory-stock-storage.ts'
import { runs } from '../../support/runs.ts'
import { type Operation, stockModel } from '../../support/stock-model.ts'

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
      available: fc.nat(8),
      expected: fc.option(fc.nat(8), { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('open' as const), key, quantity }) },
)
/** Half of the operations follow at the same instant; the others let holds expire. */
const history = fc.array(fc.record({ wait: fc.oneof(fc.constant(0), fc.nat(40)), operation }), { maxLength: 60 })

function apply(stock: VariantStock, one: Operation, now: number): string {
  const result = answerOf(stock, one, now)
  if (result.ok) return 'ok'
  return 'reason' in result.failure ? `${result.failure.code} ${result.failure.reason}` : result.failure.code
}

function answerOf(stock: VariantStock, one: Operation, now: number) {
  const expiresAt = 'seconds' in one ? at(now + one.seconds) : at(now)
  switch (one.do) {
    case 'hold':
      return stock.hold({ holdId: one.id, quantity: one.quantity, expiresAt }, at(now))
    case 'extend':
      return stock.extend({ holdId: one.id, expiresAt }, at(now))
    case 'release':
    case 'returnSale':
      return stock[one.do]({ holdId: one.id }, at(now))
    case 'commit':
    case 'commitLate':
      return stock[one.do]({ holdId: one.id, quantity: one.quantity }, at(now))
    case 'adjust':
      return stock.adjust({ key: one.key, delta: one.delta, reason: one.reason }, at(now))
    case 'setAvailable':
      return stock.setAvailable({ key: one.key, available: one.available, expected: one.expected }, at(now))
    case 'open':
      return stock.open({ key: one.key, quantity: one.quantity }, at(now))
  }
}

/** Runs a history and calls `check` after each operation. */
function replay(
  history: { wait: number; operation: Operation }[],
  check: (moment: { stock: VariantStock; now: number; one: Operation; answer: string }) => void,
  stock = new VariantStock(memoryStockStorage().storage),
) {
  let now = 0
  for (const { wait, operation: one } of history) {
    now += wait
    check({ stock, now, one, answer: apply(stock, one, now) })
  }
  return now
}

describe('the stock of a variant, after any history', () => {
  it('answers and counts as the reference model does', () => {
    fc.assert(
      fc.property(history, (operations) => {
        const model = stockModel()
        replay(operations, ({ stock, now, one, answer }) => {
          expect(answer).toBe(model.run(one, now))
          expect(stock.level(at(now))).toMatchObject(model.level(now))
        })
      }),
      runs(2_000),
    )
  })

  it('never holds more than is on hand, and increases the sequence with each change', () => {
    fc.assert(
      fc.property(history, (operations) => {
        let before = { onHand: 0, held: 0, available: 0, sequence: 0 }
        replay(operations, ({ stock, now }) => {
          const level = stock.level(at(now))
          expect(level.held).toBeGreaterThanOrEqual(0)
          expect(level.available).toBeGreaterThanOrEqual(0)
          expect(level.available).toBe(level.onHand - level.held)
          const hasChanged = level.onHand !== before.onHand || level.held !== before.held
          if (hasChanged) expect(level.sequence).toBeGreaterThan(before.sequence)
          if (level.sequence === before.sequence) expect(level).toEqual(before)
          before = level
        })
      }),
      runs(200),
    )
  })

  it('has a ledger with every movement once, which adds up to the units on hand', () => {
    fc.assert(
      fc.property(history, (operations) => {
        const model = stockModel()
        const { storage, ledger } = memoryStockStorage()
        replay(operations, ({ now, one }) => void model.run(one, now), new VariantStock(storage))
        const entries = [...ledger.values()]
        expect(entries.map(({ reason, delta }) => ({ reason, delta }))).toEqual(model.moved)
        let onHand = 0
        for (const entry of entries) {
          onHand += entry.delta
          expect(entry.onHand).toBe(onHand)
          expect(entry.held).toBeLessThanOrEqual(onHand)
        }
        expect(storage.level().onHand).toBe(onHand)
      }),
      runs(500),
    )
  })

  it('is reported low once for each fall to the threshold', () => {
    fc.assert(
      fc.property(history, fc.nat(8), (operations, threshold) => {
        const model = stockModel()
        const { storage, low } = memoryStockStorage()
        const stock = new VariantStock(storage)
        stock.watchLowStock({ threshold, version: 1 })
        let falls = 0
        replay(
          operations,
          ({ now, one }) => {
            const before = model.level(now).available
            model.run(one, now)
            if (before > threshold && model.level(now).available <= threshold) falls += 1
            expect(low).toHaveLength(falls)
          },
          stock,
        )
        expect(new Set(low.map(({ sequence }) => sequence)).size).toBe(falls)
      }),
      runs(500),
    )
  })

  it('answers the same and changes nothing when a call is repeated', () => {
    fc.assert(
      fc.property(history, (operations) => {
        replay(operations, ({ stock, now, one, answer }) => {
          const level = stock.level(at(now))
          expect(apply(stock, one, now)).toBe(answer)
          expect(stock.level(at(now))).toEqual(level)
        })
      }),
      runs(200),
    )
  })

  it('holds nothing once every hold has expired', () => {
    fc.assert(
      fc.property(history, (operations) => {
        const stock = new VariantStock(memoryStockStorage().storage)
        const end = replay(operations, () => {}, stock)
        expect(stock.level(at(end + 61)).held).toBe(0)
      }),
      runs(200),
    )
  })
})
