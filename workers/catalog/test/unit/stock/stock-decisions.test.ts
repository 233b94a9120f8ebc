import { encodeCursor } from '@shop/kernel/pagination'
import { describe, expect, it, vi } from 'vitest'
import { decideExtend, decideRelease, type HoldRecord, holdStateOf } from '../../../src/stock/domain/hold.ts'
import { idCursor, variantCursor } from '../../../src/stock/domain/id-cursor.ts'
import { changeLevel, EMPTY_STOCK } from '../../../src/stock/domain/level.ts'
import { variantsToUndo } from '../../../src/stock/domain/lines.ts'
import { fallToThreshold } from '../../../src/stock/domain/low-stock.ts'
import type { Hold, Sale } from '../../../src/stock/domain/stock-change.ts'
import { VariantStock } from '../../../src/stock/domain/variant-stock.ts'
import { memoryStockStorage } from '../../support/memory-stock-storage.ts'
import { termsWith, withTerms } from '../../support/terms.ts'

const now = new Date('2026-11-23T10:00:00.000Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000)
const holdId = 'order_1'
const level = { onHand: 10, held: 3, available: 7, sequence: 4 }
const live: Hold = { holdId, quantity: 3, expiresAt: later(900), state: 'live', endedAt: null }
const sold: Sale = { holdId, quantity: 3, outcome: 'sold', available: 7, at: now }
const recordOf = (over: Partial<HoldRecord>): HoldRecord => ({
  variantId: 7,
  level,
  hold: undefined,
  sale: undefined,
  ...over,
})

/** The stock of variant 7, with a hold of 3 of its 10 units, and what is stored. */
function held() {
  const memory = memoryStockStorage(7)
  const stock = withTerms(new VariantStock(memory.storage), () => termsWith({ openingStock: 10 }))
  stock.hold({ holdId, quantity: 3, expiresAt: later(900) }, now)
  return { ...memory, stock }
}

describe('the level of a variant', () => {
  it('counts each change, and never holds more than there is', () => {
    expect(changeLevel(level, { onHand: -3, held: -3 })).toEqual({ onHand: 7, held: 0, available: 7, sequence: 5 })
    expect(changeLevel(level, { onHand: -7 })).toEqual({ onHand: 3, held: 3, available: 0, sequence: 5 })
    expect(changeLevel(level, { held: -3 })).toEqual({ onHand: 10, held: 0, available: 10, sequence: 5 })
  })

  it.each([
    [{ onHand: -8 }, 'Stock would be 2 on hand with 3 held'],
    [{ held: 8 }, 'Stock would be 10 on hand with 11 held'],
    [{ held: -4 }, 'Stock would be 10 on hand with -1 held'],
    [{ onHand: 0.5 }, 'Stock would be 10.5 on hand with 3 held'],
    [{ onHand: Number.MAX_SAFE_INTEGER }, 'Stock would be 9007199254741000 on hand with 3 held'],
  ])('that would change by %j is a bug', (by, message) => {
    expect(() => changeLevel(level, by)).toThrow(new RangeError(message))
  })

  it('may be below zero only where the policy allows it, and rises from there under any', () => {
    const below = { onHand: 1, held: 3, available: -2, sequence: 5 }
    expect(changeLevel(level, { onHand: -9 }, 'continue')).toEqual(below)
    expect(changeLevel(below, { held: 1 }, 'continue')).toEqual({ onHand: 1, held: 4, available: -3, sequence: 6 })
    expect(changeLevel(below, { onHand: 1 })).toEqual({ onHand: 2, held: 3, available: -1, sequence: 6 })
    expect(changeLevel(below, { onHand: -3, held: -3 })).toEqual({ onHand: -2, held: 0, available: -2, sequence: 6 })
    expect(() => changeLevel(below, { onHand: -1 })).toThrow(new RangeError('Stock would be 0 on hand with 3 held'))
  })
})

describe('the hold of an order', () => {
  it('is not written again when it is extended to the time that it has', () => {
    const extend = (expiresAt: Date) => decideExtend(recordOf({ hold: live }), { holdId, expiresAt })
    expect(extend(later(900))).toEqual({ answer: { ok: true, value: level }, change: {} })
    expect(extend(later(901))).toEqual({
      answer: { ok: true, value: level },
      change: { hold: { ...live, expiresAt: later(901) } },
    })
  })

  it('that was sold is not released, and leaves no trace of the attempt', () => {
    const unchanged = { answer: { ok: true, value: level }, change: {} }
    expect(decideRelease(recordOf({ sale: sold }), { holdId }, now)).toEqual(unchanged)
  })

  it.each([
    [{ sale: sold }, { state: 'sold', quantity: 3, expiresAt: null }],
    [
      { sale: { ...sold, outcome: 'returned' as const }, hold: live },
      { state: 'returned', quantity: 3, expiresAt: null },
    ],
    [{ hold: live }, { state: 'live', quantity: 3, expiresAt: later(900) }],
    [{ hold: { ...live, state: 'released' as const } }, { state: 'released', quantity: 3, expiresAt: null }],
    [{ hold: { ...live, state: 'expired' as const } }, { state: 'expired', quantity: 3, expiresAt: null }],
    [{}, { state: 'unknown', quantity: 0, expiresAt: null }],
  ])('with the records %j is found as %j', (records, found) => {
    expect(holdStateOf({ hold: undefined, sale: undefined, ...records })).toEqual(found)
  })

  it('is found expired from its time on, even when no alarm has fired', () => {
    const { stock } = held()
    expect(stock.findHolds({ holdIds: [holdId] }, later(899))).toMatchObject([{ state: 'live' }])
    expect(stock.findHolds({ holdIds: [holdId] }, later(900))).toMatchObject([{ state: 'expired', expiresAt: null }])
  })
})

describe('a sale', () => {
  it('is one sale when it is committed late a second time', () => {
    const { stock } = held()
    const commitLate = () => stock.commitLate({ holdId, quantity: 3 }, later(901))
    const after = { onHand: 7, held: 0, available: 7 }
    expect(commitLate()).toMatchObject({ ok: true, value: { repeated: false, level: after } })
    expect(commitLate()).toMatchObject({ ok: true, value: { repeated: true, level: after } })
    expect(stock.commitLate({ holdId, quantity: 2 }, later(902))).toEqual({
      ok: false,
      failure: { code: 'hold_conflict', variantId: 7, holdId, reason: 'other_quantity' },
    })
  })

  it('takes what is held where the hold is still live, and no more', () => {
    const { stock } = held()
    expect(stock.commitLate({ holdId, quantity: 4 }, later(60))).toEqual({
      ok: false,
      failure: { code: 'hold_conflict', variantId: 7, holdId, reason: 'other_quantity' },
    })
    expect(stock.level(later(60))).toMatchObject({ onHand: 10, held: 3 })
    expect(stock.commitLate({ holdId, quantity: 3 }, later(60))).toMatchObject({
      ok: true,
      value: { repeated: false, level: { onHand: 7, held: 0 } },
    })
  })

  it('that is returned is in the ledger with the key of its order and variant', () => {
    const { stock, ledger } = held()
    stock.commit({ holdId, quantity: 3 }, now)
    stock.returnSale({ holdId }, later(60))
    const entry = { key: `${holdId}:7:undo`, reason: 'undo', requested: 3, delta: 3 }
    expect([...ledger.values()].at(-1)).toEqual({
      ...entry,
      onHand: 10,
      held: 0,
      note: null,
      actor: null,
      at: later(60),
    })
  })
})

describe('a number of units that is none', () => {
  const { stock } = held()
  it.each([
    ['hold', (quantity: number) => stock.hold({ holdId: 'order_2', quantity, expiresAt: later(900) }, now)],
    ['commit', (quantity: number) => stock.commit({ holdId, quantity }, now)],
    ['commitLate', (quantity: number) => stock.commitLate({ holdId, quantity }, now)],
  ])('is a bug of %s', (_, operation) => {
    for (const quantity of [1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => operation(quantity)).toThrow(new RangeError(`Not a whole number of units: ${quantity}`))
    }
    for (const quantity of [0, -1]) {
      expect(() => operation(quantity)).toThrow(new RangeError(`Not a quantity: ${quantity}`))
    }
  })

  it('is a bug of an adjustment, which may be negative', () => {
    expect(() => stock.adjust({ delta: 0.5, reason: 'correct', key: 'a' }, now)).toThrow('Not a whole number')
    expect(() => stock.setAvailable({ available: 0.5, key: 'b' }, now)).toThrow('Not a whole number')
    expect(stock.setAvailable({ available: 0, key: 'b' }, now)).toMatchObject({ ok: true })
    expect(stock.adjust({ delta: -1, reason: 'damage', key: 'c' }, now)).toMatchObject({ ok: false })
  })
})

describe('a low-stock threshold', () => {
  const fall = (before: number, after: number, threshold: number | null) => {
    const levelOf = (available: number) => ({ ...EMPTY_STOCK, onHand: available, available })
    return fallToThreshold(levelOf(before), levelOf(after), { threshold, version: 1 }, now)
  }

  it('reports a fall to it or below, once', () => {
    expect(fall(4, 3, 3)).toEqual({ sequence: 0, available: 3, threshold: 3, at: now })
    expect([fall(4, 4, 3), fall(3, 2, 3), fall(3, 5, 3)]).toEqual([undefined, undefined, undefined])
  })

  it('that is off reports nothing, not even the last unit', () => {
    expect(fall(1, 0, null)).toBeUndefined()
  })

  it('is stored only if it is newer than the one that is known', () => {
    const { stock, storage } = held()
    const save = vi.spyOn(storage, 'saveThreshold')
    for (const thresholdVersion of [2, 2, 1, 3]) {
      const terms = termsWith({ openingStock: 10, threshold: thresholdVersion * 10, thresholdVersion })
      stock.adjust({ delta: 1, reason: 'receive', key: `delivery ${thresholdVersion}`, terms }, now)
    }
    expect(save.mock.calls).toEqual([[{ threshold: 20, version: 2 }], [{ threshold: 30, version: 3 }]])
  })
})

describe('the lines of a request that failed', () => {
  const applied = (variantId: number, repeated: boolean) => ({
    variantId,
    result: { ok: true, value: { level, repeated } } as const,
  })
  const shortage = { code: 'out_of_stock', variantId: 3, requested: 2, available: 1 } as const
  const misuse = { code: 'hold_conflict', variantId: 3, holdId, reason: 'released' } as const

  it('are undone for a shortage, and after a misused id only where this call changed them', () => {
    const outcomes = (failure: typeof shortage | typeof misuse) => [
      applied(1, false),
      applied(2, true),
      { variantId: 3, result: { ok: false, failure } as const },
    ]
    expect(variantsToUndo(outcomes(shortage), shortage)).toEqual([1, 2])
    expect(variantsToUndo(outcomes(misuse), misuse)).toEqual([1])
  })
})

describe('the cursor of a list by number', () => {
  const { at, read } = idCursor('low')
  const cursorOf = (id: string, sortKey = 'low') => encodeCursor({ sortKey, id })

  it.each([1, 10, 42, Number.MAX_SAFE_INTEGER])('reads %d back', (id) => {
    expect(at(id)).toEqual({ sortKey: 'low', id: String(id) })
    expect(read(encodeCursor(at(id)))).toEqual({ ok: true, value: id })
  })

  it.each(['', '0', '01', '-1', '1.5', '1a', 'a1', ' 1', '1 ', '9007199254740993', '12345678901234567'])(
    'refuses %j, which is no id',
    (id) => {
      expect(read(cursorOf(id))).toEqual({ ok: false, failure: { code: 'invalid_cursor' } })
    },
  )

  it('refuses that of another list', () => {
    expect(read(cursorOf('1', 'variant'))).toEqual({ ok: false, failure: { code: 'invalid_cursor' } })
  })
})

describe('the cursor of a list by product and variant', () => {
  const { at, read } = variantCursor('low')

  it.each([
    [1, 2],
    [42, Number.MAX_SAFE_INTEGER],
  ])('reads product %d and variant %d back', (productId, variantId) => {
    expect(read(encodeCursor(at({ productId, variantId })))).toEqual({ ok: true, value: { productId, variantId } })
  })

  it.each(['', '1', '1.', '.1', '0.1', '1.0', '1.2.3', '-1.2', '1.9007199254740993', 'a.1', '1.2 '])(
    'refuses %j, which is no pair of ids',
    (id) => {
      expect(read(encodeCursor({ sortKey: 'low', id }))).toEqual({ ok: false, failure: { code: 'invalid_cursor' } })
    },
  )

  it('refuses that of another list', () => {
    const cursor = encodeCursor({ sortKey: 'variant', id: '1.1' })
    expect(read(cursor)).toEqual({ ok: false, failure: { code: 'invalid_cursor' } })
  })
})
