import { describe, expect, it } from 'vitest'
import { VariantStock } from '../../../src/stock/domain/variant-stock.ts'
import { memoryStockStorage } from '../../support/memory-stock-storage.ts'
import { termsWith, withTerms } from '../../support/terms.ts'

const now = new Date('2026-11-23T10:00:00.000Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000)
const holdId = 'order_1'
const hold = { holdId, quantity: 3, expiresAt: later(900) }

function stockOf(onHand: number, over: Parameters<typeof termsWith>[0] = {}) {
  const terms = termsWith({ openingStock: onHand, ...over })
  return withTerms(new VariantStock(memoryStockStorage(7).storage), () => terms)
}
const units = (onHand: number, held: number) => ({ onHand, held, available: onHand - held })

describe('a hold', () => {
  it('makes units unavailable until it expires', () => {
    const stock = stockOf(10)
    expect(stock.hold(hold, now)).toMatchObject({ ok: true, value: { repeated: false, level: units(10, 3) } })
    expect(stock.level(later(899))).toMatchObject(units(10, 3))
    expect(stock.level(later(900))).toMatchObject(units(10, 0))
  })

  it('is refused beyond what is available, and the failure says what is available', () => {
    const stock = stockOf(2)
    const failure = { code: 'out_of_stock', variantId: 7, requested: 3, available: 2 }
    expect(stock.hold(hold, now)).toEqual({ ok: false, failure })
    expect(stock.level(now)).toMatchObject(units(2, 0))
  })

  it('has no further effect when it is repeated', () => {
    const stock = stockOf(10)
    stock.hold(hold, now)
    expect(stock.hold(hold, later(1))).toMatchObject({ ok: true, value: { repeated: true, level: units(10, 3) } })
  })

  it.each([
    ['other_quantity', () => {}, { ...hold, quantity: 4 }],
    ['released', (stock) => stock.release({ holdId }, later(1)), hold],
    ['committed', (stock) => stock.commit({ holdId, quantity: 3 }, later(1)), hold],
    [
      'expired',
      (stock) => stock.extend({ holdId, expiresAt: later(10) }, later(1)),
      { ...hold, expiresAt: later(2_000) },
    ],
  ] satisfies [string, (stock: ReturnType<typeof stockOf>) => void, typeof hold][])(
    'is refused for a used id: %s',
    (reason, before, again) => {
      const stock = stockOf(10)
      stock.hold(hold, now)
      before(stock)
      const when = reason === 'expired' ? later(901) : later(2)
      expect(stock.hold(again, when)).toEqual({
        ok: false,
        failure: { code: 'hold_conflict', variantId: 7, holdId, reason },
      })
    },
  )

  it('is refused when its release arrived first', () => {
    const stock = stockOf(10)
    expect(stock.release({ holdId }, now)).toMatchObject({ ok: true })
    expect(stock.hold(hold, later(1))).toMatchObject({ ok: false, failure: { reason: 'released' } })
    expect(stock.level(later(1))).toMatchObject(units(10, 0))
  })

  it('gives no units to a late payment once it was released, even after it expired', () => {
    const stock = stockOf(10)
    stock.hold(hold, now)
    stock.release({ holdId }, later(901))
    expect(stock.commit({ holdId, quantity: 3 }, later(902))).toMatchObject({ failure: { reason: 'released' } })
  })

  it('is extended, never shortened', () => {
    const stock = stockOf(10)
    stock.hold(hold, now)
    stock.extend({ holdId, expiresAt: later(60) }, now)
    expect(stock.level(later(899)).held).toBe(3)
    stock.extend({ holdId, expiresAt: later(2_000) }, now)
    expect(stock.level(later(1_999)).held).toBe(3)
  })
})

describe('a commit', () => {
  it('sells what is held, once', () => {
    const stock = stockOf(10)
    stock.hold(hold, now)
    expect(stock.commit({ holdId, quantity: 3 }, now)).toMatchObject({ ok: true, value: { level: units(7, 0) } })
    expect(stock.commit({ holdId, quantity: 3 }, later(9_000))).toMatchObject({ ok: true, value: { repeated: true } })
    expect(stock.level(later(9_000))).toMatchObject(units(7, 0))
  })

  it('is refused for more units than are held', () => {
    const stock = stockOf(10)
    stock.hold(hold, now)
    expect(stock.commit({ holdId, quantity: 4 }, now)).toMatchObject({
      ok: false,
      failure: { reason: 'other_quantity' },
    })
  })

  it('of fewer units than are held makes the others available again', () => {
    const stock = stockOf(10)
    stock.hold(hold, now)
    expect(stock.commit({ holdId, quantity: 2 }, now)).toMatchObject({ ok: true, value: { level: units(8, 0) } })
    expect(stock.commit({ holdId, quantity: 2 }, now)).toMatchObject({ ok: true, value: { repeated: true } })
    expect(stock.commit({ holdId, quantity: 3 }, now)).toMatchObject({ failure: { reason: 'other_quantity' } })
  })

  it('is refused for an overdue hold, even when no alarm has fired', () => {
    const stock = stockOf(10)
    stock.hold(hold, now)
    expect(stock.commit({ holdId, quantity: 3 }, later(900))).toEqual({
      ok: false,
      failure: { code: 'hold_gone', variantId: 7, holdId, reason: 'expired' },
    })
  })

  it('is not reversed by a release', () => {
    const stock = stockOf(10)
    stock.hold(hold, now)
    stock.commit({ holdId, quantity: 3 }, now)
    stock.release({ holdId }, now)
    expect(stock.level(now)).toMatchObject(units(7, 0))
  })
})

describe('a late commit', () => {
  it('takes the units of an expired hold again', () => {
    const stock = stockOf(10)
    stock.hold(hold, now)
    expect(stock.commitLate({ holdId, quantity: 3 }, later(901))).toMatchObject({ value: { level: units(7, 0) } })
  })

  it('stays refused with the same answer once it was refused, even when stock has arrived', () => {
    const stock = stockOf(2)
    const failure = { code: 'out_of_stock', variantId: 7, requested: 3, available: 2 }
    expect(stock.commitLate({ holdId, quantity: 3 }, now)).toEqual({ ok: false, failure })
    stock.adjust({ delta: 50, reason: 'receive', key: 'delivery' }, now)
    expect(stock.commitLate({ holdId, quantity: 3 }, now)).toEqual({ ok: false, failure })
    expect(stock.level(now)).toMatchObject(units(52, 0))
  })

  it('is refused for a released hold, whose order was cancelled', () => {
    const stock = stockOf(10)
    stock.hold(hold, now)
    stock.release({ holdId }, now)
    expect(stock.commitLate({ holdId, quantity: 3 }, now)).toMatchObject({ failure: { reason: 'released' } })
  })
})

describe('a returned sale', () => {
  it('returns to stock once, and cannot be committed again', () => {
    const stock = stockOf(10)
    stock.hold(hold, now)
    stock.commit({ holdId, quantity: 3 }, now)
    stock.returnSale({ holdId }, now)
    stock.returnSale({ holdId }, now)
    expect(stock.level(now)).toMatchObject(units(10, 0))
    expect(stock.commit({ holdId, quantity: 3 }, now)).toMatchObject({
      failure: { code: 'hold_gone', reason: 'released' },
    })
    expect(stock.commitLate({ holdId, quantity: 3 }, now)).toMatchObject({ failure: { code: 'hold_conflict' } })
    expect(stock.level(now)).toMatchObject(units(10, 0))
  })
})

describe('an adjustment', () => {
  it('is refused when it would remove held units', () => {
    const stock = stockOf(10)
    stock.hold(hold, now)
    const refused = { ok: false, failure: { code: 'stock_below_held', held: 3, onHand: 10 } }
    expect(stock.adjust({ delta: -8, reason: 'damage', key: 'a' }, now)).toEqual(refused)
    expect(stock.adjust({ delta: -7, reason: 'damage', key: 'b' }, now)).toMatchObject({ ok: true })
    expect(stock.level(now)).toMatchObject(units(3, 3))
  })

  it('is refused with the key of another adjustment', () => {
    const stock = stockOf(10)
    stock.adjust({ delta: 1, reason: 'correct', key: 'a' }, now)
    expect(stock.adjust({ delta: 2, reason: 'correct', key: 'a' }, now)).toEqual({
      ok: false,
      failure: { code: 'adjustment_conflict', key: 'a' },
    })
    expect(stock.setAvailable({ available: 1, key: 'a' }, now)).toMatchObject({
      failure: { code: 'adjustment_conflict' },
    })
  })

  it('throws for a fraction of a unit or a quantity below 1', () => {
    expect(() => stockOf(1).adjust({ delta: 0.5, reason: 'correct', key: 'a' }, now)).toThrow(RangeError)
    expect(() => stockOf(1).hold({ ...hold, quantity: 0 }, now)).toThrow(RangeError)
    expect(() => stockOf(1).setAvailable({ available: 0.5, key: 'a' }, now)).toThrow(RangeError)
  })
})

describe('setting the stock', () => {
  it('counts what can be bought, beside what is held', () => {
    const stock = stockOf(10)
    stock.hold(hold, now)
    expect(stock.setAvailable({ available: 20, key: 'a' }, now)).toMatchObject({ ok: true, value: units(23, 3) })
    expect(stock.setAvailable({ available: 0, key: 'b' }, now)).toMatchObject({ ok: true, value: units(3, 3) })
  })

  it.each([
    ['as it is', { available: 7 }],
    ['as the writer saw it, though units were sold since', { available: 10, expected: 10 }],
    ['to what others have set it to meanwhile', { available: 7, expected: 10 }],
  ])('changes nothing when it is set %s', (_, wanted) => {
    const stock = stockOf(10)
    stock.hold(hold, now)
    const before = stock.level(now)
    expect(stock.setAvailable({ ...wanted, key: 'a' }, now)).toEqual({ ok: true, value: before })
    expect(stock.level(now)).toEqual(before)
  })

  it('is refused with the present figure when other units are available than the writer saw', () => {
    const stock = stockOf(10)
    stock.hold(hold, now)
    const refused = { ok: false, failure: { code: 'stock_changed', stockQuantity: 7 } }
    expect(stock.setAvailable({ available: 20, expected: 10, key: 'a' }, now)).toEqual(refused)
    expect(stock.setAvailable({ available: 20, expected: 7, key: 'a' }, now)).toMatchObject({ value: units(23, 3) })
  })

  it('answers a repeated call with the same key as the first, whatever was sold since', () => {
    const stock = stockOf(10)
    const request = { available: 20, expected: 10, key: 'a' }
    stock.setAvailable(request, now)
    stock.hold(hold, now)
    expect(stock.setAvailable(request, now)).toMatchObject({ ok: true, value: units(20, 3) })
  })

  it('does not add the units again when it is repeated with another key after a sale', () => {
    const stock = stockOf(10)
    const wanted = { available: 20, expected: 10 }
    stock.setAvailable({ ...wanted, key: 'a' }, now)
    expect(stock.setAvailable({ ...wanted, key: 'b' }, now)).toMatchObject({ ok: true, value: units(20, 0) })
    stock.hold(hold, now)
    expect(stock.setAvailable({ ...wanted, key: 'c' }, now)).toMatchObject({ failure: { code: 'stock_changed' } })
    expect(stock.level(now)).toMatchObject(units(20, 3))
  })
})

describe('a variant that is sold below zero', () => {
  const oversold = () => {
    const stock = stockOf(2, { policy: 'continue' })
    expect(stock.hold(hold, now)).toMatchObject({ ok: true, value: { level: units(2, 3) } })
    return stock
  }
  const deny = { terms: termsWith({ openingStock: 2 }) }

  it('is held, sold late and adjusted whatever is available', () => {
    const stock = oversold()
    expect(stock.commitLate({ holdId: 'order_2', quantity: 4 }, now)).toMatchObject({ value: { level: units(-2, 3) } })
    expect(stock.adjust({ delta: -1, reason: 'damage', key: 'a' }, now)).toMatchObject({ ok: true })
    expect(stock.commit({ holdId, quantity: 3 }, now)).toMatchObject({ value: { level: units(-6, 0) } })
    expect(stock.level(now)).toMatchObject(units(-6, 0))
  })

  it('gives its units back like any other', () => {
    const stock = oversold()
    stock.commit({ holdId, quantity: 3 }, now)
    expect(stock.returnSale({ holdId }, now)).toMatchObject({ value: units(2, 0) })
    stock.hold({ ...hold, holdId: 'order_2' }, now)
    expect(stock.level(later(900))).toMatchObject(units(2, 0))
  })

  it('keeps what it has sold when it is no longer sold so, and takes all units that arrive', () => {
    const stock = oversold()
    expect(stock.hold({ ...hold, holdId: 'order_2', ...deny }, now)).toMatchObject({
      failure: { code: 'out_of_stock' },
    })
    expect(stock.adjust({ delta: -1, reason: 'damage', key: 'a', ...deny }, now)).toMatchObject({
      failure: { code: 'stock_below_held' },
    })
    expect(stock.commit({ holdId, quantity: 3 }, now)).toMatchObject({ value: { level: units(-1, 0) } })
    stock.commitLate({ holdId: 'order_2', quantity: 4 }, now)
    expect(stock.adjust({ delta: 2, reason: 'receive', key: 'b', ...deny }, now)).toMatchObject({ ok: true })
    expect(stock.level(now)).toMatchObject(units(-3, 0))
  })

  it('is set to what there is, and not below zero', () => {
    const stock = oversold()
    const below = { ok: false, failure: { code: 'stock_below_zero' } }
    expect(stock.setAvailable({ available: -2, key: 'a' }, now)).toEqual(below)
    expect(stock.setAvailable({ available: -2, expected: -1, key: 'a' }, now)).toEqual(below)
    expect(stock.setAvailable({ available: -1, key: 'a', ...deny }, now)).toEqual(below)
    expect(stock.setAvailable({ available: -2, expected: -3, key: 'a' }, now)).toMatchObject({
      failure: { code: 'stock_changed', stockQuantity: -1 },
    })
    for (const wanted of [{ available: -1 }, { available: -5, expected: -5 }]) {
      expect(stock.setAvailable({ ...wanted, key: 'a' }, now)).toMatchObject({ ok: true, value: units(2, 3) })
    }
    expect(stock.setAvailable({ available: 4, expected: -1, key: 'b' }, now)).toMatchObject({ value: units(7, 3) })
  })
})
