import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocate } from '../../../src/pricing/domain/allocate.ts'

const total = (parts: readonly bigint[]) => parts.reduce((whole, part) => whole + part, 0n)

describe('an amount divided by largest remainder', () => {
  it.each<[string, bigint, bigint[], bigint, bigint[]]>([
    ['in equal parts, the first of equals first', 100n, [1n, 1n, 1n], 1n, [34n, 33n, 33n]],
    ['by weight', 10n, [3n, 1n], 1n, [8n, 2n]],
    ['to the largest remainder, not the largest weight', 10n, [61n, 39n], 1n, [6n, 4n]],
    ['to none without a weight', 5n, [0n, 1n, 0n, 1n], 1n, [0n, 3n, 0n, 2n]],
    ['in units of 10', 100n, [1n, 1n, 1n], 10n, [40n, 30n, 30n]],
    ['of 0, over nothing', 0n, [0n, 0n], 1n, [0n, 0n]],
    ['of 0, over no parts', 0n, [], 1n, []],
    ['to one part alone', 7n, [3n], 1n, [7n]],
    ['of 1, over many', 1n, [5n, 9n, 9n], 1n, [0n, 1n, 0n]],
  ])('is divided %s', (_, amount, weights, unit, parts) => {
    expect(allocate(amount, weights, unit)).toEqual(parts)
  })

  it('needs a part that it can be given to', () => {
    const error = new RangeError('An amount needs a part that it can be given to')
    expect(() => allocate(1n, [0n, 0n])).toThrow(error)
    expect(() => allocate(1n, [])).toThrow(error)
  })
})

describe('any division', () => {
  const weights = fc
    .array(fc.oneof(fc.bigInt({ min: 0n, max: 9n }), fc.bigInt({ min: 0n, max: 10n ** 18n })), { minLength: 1 })
    .filter((all) => total(all) > 0n)
  const amount = fc.oneof(fc.bigInt({ min: 0n, max: 99n }), fc.bigInt({ min: 0n, max: 10n ** 18n }))
  const unit = fc.constantFrom(1n, 10n)

  it('adds up, in whole units', () => {
    fc.assert(
      fc.property(amount, weights, unit, (units, all, step) => {
        const parts = allocate(units * step, all, step)
        expect(total(parts)).toBe(units * step)
        expect(parts.every((part) => part >= 0n && part % step === 0n)).toBe(true)
      }),
    )
  })

  it('gives each part its exact share, rounded down or up: up where the remainder is largest', () => {
    fc.assert(
      fc.property(amount, weights, (units, all) => {
        const whole = total(all)
        const shares = allocate(units, all).map((part, index) => {
          const exact = units * (all[index] ?? 0n)
          return { up: part - exact / whole, remainder: exact % whole }
        })
        expect(shares.every(({ up, remainder }) => up === 0n || (up === 1n && remainder > 0n))).toBe(true)
        const up = shares.filter((share) => share.up === 1n).map(({ remainder }) => remainder)
        const down = shares.filter((share) => share.up === 0n).map(({ remainder }) => remainder)
        expect(up.every((remainder) => down.every((other) => other <= remainder))).toBe(true)
      }),
    )
  })

  it('gives no part more than its weight if there is enough for all', () => {
    const divided = weights.chain((all) => fc.tuple(fc.bigInt({ min: 0n, max: total(all) }), fc.constant(all)))
    fc.assert(
      fc.property(divided, ([units, all]) => {
        expect(allocate(units, all).every((part, index) => part <= (all[index] ?? 0n))).toBe(true)
      }),
    )
  })
})
