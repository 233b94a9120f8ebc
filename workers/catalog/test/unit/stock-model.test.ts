import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keepStock, type StockKeeper } from '../../src/domain/stock/keeper.ts'
import { memoryBooks } from '../support/memory-books.ts'
import { runs } from '../support/runs.ts'
import { type Step, stockModel } from '../support/stock-model.ts'

const START = Date.parse('2026-11-23T10:00:00.000Z')
const at = (seconds: number) => new Date(START + seconds * 1_000)

const id = fc.constantFrom('order_a', 'order_b', 'order_c', 'order_d')
const key = fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5')
const quantity = fc.integer({ min: 1, max: 6 })
const seconds = fc.integer({ min: -5, max: 60 })
const step: fc.Arbitrary<Step> = fc.oneof(
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
  { weight: 1, arbitrary: fc.record({ do: fc.constant('setOnHand' as const), key, onHand: fc.nat(12) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('open' as const), key, quantity }) },
)
/** Half of the steps come right after the one before; the others let holds run out. */
const history = fc.array(fc.record({ wait: fc.oneof(fc.constant(0), fc.nat(40)), step }), { maxLength: 60 })

function carryOut(keeper: StockKeeper, one: Step, now: number): string {
  const result = answerOf(keeper, one, now)
  if (result.ok) return 'ok'
  return 'reason' in result.failure ? `${result.failure.code} ${result.failure.reason}` : result.failure.code
}

function answerOf(keeper: StockKeeper, one: Step, now: number) {
  const expiresAt = 'seconds' in one ? at(now + one.seconds) : at(now)
  switch (one.do) {
    case 'hold':
      return keeper.hold({ holdId: one.id, quantity: one.quantity, expiresAt }, at(now))
    case 'extend':
      return keeper.extend({ holdId: one.id, expiresAt }, at(now))
    case 'release':
    case 'returnSale':
      return keeper[one.do]({ holdId: one.id }, at(now))
    case 'commit':
    case 'commitLate':
      return keeper[one.do]({ holdId: one.id, quantity: one.quantity }, at(now))
    case 'adjust':
      return keeper.adjust({ key: one.key, delta: one.delta, reason: one.reason }, at(now))
    case 'setOnHand':
      return keeper.setOnHand({ key: one.key, onHand: one.onHand }, at(now))
    case 'open':
      return keeper.open({ key: one.key, quantity: one.quantity }, at(now))
  }
}

/** Runs a history and hands each moment to `check`. */
function replay(
  steps: { wait: number; step: Step }[],
  check: (moment: { keeper: StockKeeper; now: number; one: Step; answer: string }) => void,
  keeper = keepStock(memoryBooks().books),
) {
  let now = 0
  for (const { wait, step: one } of steps) {
    now += wait
    check({ keeper, now, one, answer: carryOut(keeper, one, now) })
  }
  return now
}

describe('stock, whatever is done to it', () => {
  it('answers and counts as the reference model does', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const model = stockModel()
        replay(steps, ({ keeper, now, one, answer }) => {
          expect(answer).toBe(model.run(one, now))
          expect(keeper.level(at(now))).toMatchObject(model.level(now))
        })
      }),
      runs(2_000),
    )
  })

  it('never holds more than there is, and counts each change of the level', () => {
    fc.assert(
      fc.property(history, (steps) => {
        let before = { onHand: 0, held: 0, available: 0, sequence: 0 }
        replay(steps, ({ keeper, now }) => {
          const level = keeper.level(at(now))
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

  it('keeps a ledger that has every movement once and adds up to what is on hand', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const model = stockModel()
        const { books, ledger } = memoryBooks()
        replay(steps, ({ now, one }) => void model.run(one, now), keepStock(books))
        const entries = [...ledger.values()]
        expect(entries.map(({ reason, delta }) => ({ reason, delta }))).toEqual(model.moved)
        let onHand = 0
        for (const entry of entries) {
          onHand += entry.delta
          expect(entry.onHand).toBe(onHand)
          expect(entry.held).toBeLessThanOrEqual(onHand)
        }
        expect(books.level().onHand).toBe(onHand)
      }),
      runs(500),
    )
  })

  it('is reported low once for each time it falls to the threshold', () => {
    fc.assert(
      fc.property(history, fc.nat(8), (steps, threshold) => {
        const model = stockModel()
        const { books, low } = memoryBooks()
        const keeper = keepStock(books)
        keeper.watchLowStock({ threshold, version: 1 })
        let falls = 0
        replay(
          steps,
          ({ now, one }) => {
            const before = model.level(now).available
            model.run(one, now)
            if (before > threshold && model.level(now).available <= threshold) falls += 1
            expect(low).toHaveLength(falls)
          },
          keeper,
        )
        expect(new Set(low.map(({ sequence }) => sequence)).size).toBe(falls)
      }),
      runs(500),
    )
  })

  it('does nothing more and answers the same when a call comes twice', () => {
    fc.assert(
      fc.property(history, (steps) => {
        replay(steps, ({ keeper, now, one, answer }) => {
          const level = keeper.level(at(now))
          expect(carryOut(keeper, one, now)).toBe(answer)
          expect(keeper.level(at(now))).toEqual(level)
        })
      }),
      runs(200),
    )
  })

  it('holds nothing once every hold has had its time', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const keeper = keepStock(memoryBooks().books)
        const end = replay(steps, () => {}, keeper)
        expect(keeper.level(at(end + 61)).held).toBe(0)
      }),
      runs(200),
    )
  })
})
