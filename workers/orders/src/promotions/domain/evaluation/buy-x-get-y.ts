import { fail, ok } from '@shop/kernel/result'
import {
  add,
  compare,
  multiply,
  parsePercent,
  type Rational,
  rational,
  roundDown,
  roundHalfUp,
  smallest,
  sum,
  toWholeWeights,
  ZERO,
} from '../../../pricing/domain/rational.ts'
import type { Promotion } from '../promotion.ts'
import { type Basket, type BasketLine, divideOver, isAmong, type PromotionEvaluation } from './basket.ts'

/** A line and what its units can be: bought in full, discounted, or either. */
type Candidate = { line: BasketLine; units: bigint; mayBuy: boolean; mayGet: boolean }

/**
 * Discounts units that go with bought ones, as often as the cart has enough units for it. No unit is both.
 *
 * The discounted units are the cheapest that leave enough to buy. A unit costs an equal part of what is left of its line.
 * Their discount is rounded once and is never more than they cost.
 *
 * @returns `nothing_applies` when no unit can be bought or none discounted, `below_minimum_quantity` when there are too few
 */
export function takeCheapestUnits({ buy, get }: Promotion, { lines, unit }: Basket): PromotionEvaluation {
  if (buy === null || get === null) return fail({ code: 'nothing_applies' })
  const candidates = lines.map((line) => ({
    line,
    units: BigInt(line.line.quantity),
    mayBuy: isAmong(buy, line.line),
    mayGet: isAmong(get, line.line),
  }))
  if (!candidates.some(({ mayBuy }) => mayBuy) || !candidates.some(({ mayGet }) => mayGet)) {
    return fail({ code: 'nothing_applies' })
  }
  const times = repetitions(candidates, BigInt(buy.quantity), BigInt(get.quantity))
  if (times === 0n) return fail({ code: 'below_minimum_quantity' })
  const taken = cheapest(candidates, times * BigInt(buy.quantity), times * BigInt(get.quantity))
  const costs = lines.map((line) => taken.get(line) ?? ZERO)
  const cost = costs.reduce(add, ZERO)
  const discount = roundHalfUp(multiply(cost, parsePercent(get.percentOff)), unit)
  return ok(divideOver(lines, toWholeWeights(costs), smallest(discount, roundDown(cost, unit)), unit))
}

/** How often `buy` and `get` units can be set apart: each kind has to suffice, and both together. */
function repetitions(candidates: readonly Candidate[], buy: bigint, get: bigint): bigint {
  const toBuy = count(candidates.filter(({ mayBuy }) => mayBuy))
  const toGet = count(candidates.filter(({ mayGet }) => mayGet))
  const all = count(candidates.filter(({ mayBuy, mayGet }) => mayBuy || mayGet))
  return smallest(toBuy / buy, toGet / get, all / (buy + get))
}

/**
 * Sets the cheapest units apart, `get` of them, so that at least `buy` units remain to be bought.
 *
 * @returns what they cost, for each line that has some
 */
function cheapest(candidates: readonly Candidate[], buy: bigint, get: bigint): Map<BasketLine, Rational> {
  const taken = new Map<BasketLine, Rational>()
  let wanted = get
  let spare = count(candidates.filter(({ mayBuy }) => mayBuy)) - buy
  for (const { line, units, mayBuy } of candidates.filter(({ mayGet }) => mayGet).sort(byCost)) {
    const number = mayBuy ? smallest(units, wanted, spare) : smallest(units, wanted)
    wanted -= number
    if (mayBuy) spare -= number
    taken.set(line, rational(line.left * number, units))
  }
  return taken
}

function byCost(a: Candidate, b: Candidate): number {
  return compare(rational(a.line.left, a.units), rational(b.line.left, b.units))
}

function count(candidates: readonly Candidate[]): bigint {
  return sum(candidates.map(({ units }) => units))
}
