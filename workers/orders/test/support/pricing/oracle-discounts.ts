import type { Pricing, PricingLine } from '../../../src/pricing/domain/pricing.ts'
import type { CodeRefusal, Promotion } from '../../../src/promotions/domain/promotion.ts'
import { divide, Fraction } from './fraction.ts'

/** What is left while promotions are applied: an amount for each line, and for shipping. */
type Left = { lines: PricingLine[]; amounts: Fraction[]; shipping: Fraction | null }
/** What a promotion takes off: an amount for each line, and for shipping. Or why nothing. */
type Taken = { amounts: Fraction[]; shipping: Fraction }
export type Applied = { promotion: Promotion; taken: Taken | CodeRefusal }

const NONE = new Fraction(0)
const HUNDRED = new Fraction(100)

/**
 * What the rules of docs/decisions/0025-prices-of-orders.md say of discounts, with a list of single units for `buy_x_get_y`.
 *
 * @param lines sorted
 * @returns each promotion once, in the order in which they are applied
 */
export function oracleDiscounts(pricing: Pricing, lines: PricingLine[], step: number): Applied[] {
  const sorted = pricing.promotions
    .filter((one, index, all) => all.findIndex((other) => isSame(one, other)) === index)
    .sort((a, b) => (isBefore(a, b) ? -1 : 1))
  const runs = [sorted.filter((one) => one.stackable), ...sorted.filter((one) => !one.stackable).map((one) => [one])]
  const outcomes = runs.map((run) => applyRun(pricing, lines, run, step))
  const largest = outcomes.reduce((best, next) => (takenBy(best).isBelow(takenBy(next)) ? next : best))
  const all = outcomes.flatMap((outcome) =>
    outcome.map(({ promotion, taken }) => {
      const isExcluded = outcome !== largest && typeof taken !== 'string'
      return { promotion, taken: isExcluded ? ('excluded_by_another' as const) : taken }
    }),
  )
  return sorted.flatMap((promotion) => all.find((applied) => applied.promotion === promotion) ?? [])
}

const spelling = (promotion: Promotion) => (promotion.code ?? '').trim().toLowerCase()
const isSame = (a: Promotion, b: Promotion) => a.id === b.id && spelling(a) === spelling(b)

function isBefore(a: Promotion, b: Promotion): boolean {
  if (a.priority !== b.priority) return a.priority < b.priority
  return a.id === b.id ? spelling(a) < spelling(b) : a.id < b.id
}

function takenBy(outcome: Applied[]): Fraction {
  return Fraction.sum(outcome.map(({ taken }) => (typeof taken === 'string' ? NONE : totalOf(taken))))
}

const totalOf = ({ amounts, shipping }: Taken) => Fraction.sum([...amounts, shipping])

function applyRun(pricing: Pricing, lines: PricingLine[], run: Promotion[], step: number): Applied[] {
  const left: Left = {
    lines,
    amounts: lines.map((line) => new Fraction(line.unitPrice).times(new Fraction(line.quantity))),
    shipping: pricing.shipping === null ? null : new Fraction(pricing.shipping.price),
  }
  const applied: Applied[] = []
  for (const promotion of run) {
    const isTwice = applied.some((one) => one.promotion.id === promotion.id && typeof one.taken !== 'string')
    const taken = isTwice ? 'excluded_by_another' : take(promotion, pricing, left, step)
    applied.push({ promotion, taken })
    if (typeof taken === 'string') continue
    left.amounts = left.amounts.map((amount, index) => amount.minus(taken.amounts[index] ?? NONE))
    left.shipping = left.shipping?.minus(taken.shipping) ?? null
  }
  return applied
}

function take(promotion: Promotion, pricing: Pricing, left: Left, step: number): Taken | CodeRefusal {
  const { countries, groupIds, isFirstOrder, minSubtotal, minQuantity } = promotion.conditions
  const { buyer } = pricing
  if (countries.length > 0 && !countries.some((country) => country === buyer.country)) return 'country_not_included'
  if (groupIds.length > 0 && !buyer.groupIds.some((id) => groupIds.includes(id))) return 'customer_not_included'
  if (isFirstOrder && !buyer.isFirstOrder) return 'not_first_order'
  const seen = left.lines.map((line) => names(promotion.appliesTo, promotion.appliesTo.categoryIds, line))
  const lines = left.lines.filter((_, index) => seen[index])
  if (lines.length === 0) return 'nothing_applies'
  const lacking = lacks(minSubtotal, minQuantity, lines, pricing)
  if (lacking !== null) return lacking
  const weights = left.amounts.map((amount, index) => (seen[index] ? amount : NONE))
  const taken = effect(promotion, pricing, { ...left, amounts: weights }, seen, step)
  return typeof taken !== 'string' && totalOf(taken).isZero() ? 'nothing_applies' : taken
}

/** Whether a line is named by any of the lists, or there are none. */
function names(
  lists: { productIds: readonly number[]; collectionIds: readonly number[] },
  categories: readonly number[],
  line: PricingLine,
) {
  const isEmpty = [lists.productIds, lists.collectionIds, categories].every((list) => list.length === 0)
  const meets = (list: readonly number[], ids: readonly number[]) => ids.filter((id) => list.includes(id)).length > 0
  const { productIds, collectionIds } = lists
  const isNamed = meets(productIds, [line.productId]) || meets(collectionIds, line.collectionIds)
  return isEmpty || isNamed || meets(categories, line.categoryIds)
}

type Minimum = Promotion['conditions']['minSubtotal'] | null

function lacks(subtotals: Minimum, quantity: number | null, lines: PricingLine[], pricing: Pricing) {
  const units = lines.reduce((sum, line) => sum + line.quantity, 0)
  const subtotal = lines.reduce((sum, line) => sum + line.quantity * line.unitPrice, 0)
  if (subtotals !== null && subtotals.length > 0) {
    const minimum = subtotals.filter(({ currency }) => currency === pricing.currency)
    if (minimum.length === 0) return 'currency_not_included'
    if (minimum.some(({ amount }) => subtotal < amount)) return 'below_minimum_subtotal'
  }
  return quantity !== null && units < quantity ? 'below_minimum_quantity' : null
}

function effect(
  promotion: Promotion,
  pricing: Pricing,
  left: Left,
  seen: boolean[],
  step: number,
): Taken | CodeRefusal {
  const whole = Fraction.sum(left.amounts)
  const over = (amount: Fraction): Taken => {
    return { amounts: divide(whole.isBelow(amount) ? whole : amount, left.amounts, step), shipping: NONE }
  }
  const percentage = (value: string) => over(whole.times(Fraction.read(value)).over(HUNDRED).nearest(step))
  switch (promotion.type) {
    case 'percentage':
      return percentage(promotion.value ?? '0')
    case 'fixed_amount': {
      const own = promotion.amounts.find(({ currency }) => currency === pricing.currency)
      return own === undefined ? 'currency_not_included' : over(new Fraction(own.amount).nearest(step))
    }
    case 'free_shipping':
      return left.shipping === null ? 'no_shipping' : { amounts: left.amounts.map(() => NONE), shipping: left.shipping }
    case 'tiered': {
      const lines = left.lines.filter((_, index) => seen[index])
      const missing = promotion.tiers.map((tier) => lacks(tier.minSubtotal, tier.minQuantity, lines, pricing))
      const met = promotion.tiers.filter((_, index) => missing[index] === null).map(({ value }) => value)
      const [highest] = met.sort((a, b) => (Fraction.read(b).isBelow(Fraction.read(a)) ? -1 : 1))
      if (highest !== undefined) return percentage(highest)
      if (missing.includes('below_minimum_subtotal')) return 'below_minimum_subtotal'
      if (missing.includes('below_minimum_quantity')) return 'below_minimum_quantity'
      return missing.length > 0 ? 'currency_not_included' : 'nothing_applies'
    }
    case 'buy_x_get_y':
      return cheapestUnits(promotion, left, seen, step)
  }
}

/** One unit of a line. */
type Unit = { line: number; cost: Fraction; buys: boolean; gets: boolean }

function cheapestUnits({ buy, get }: Promotion, left: Left, seen: boolean[], step: number): Taken | CodeRefusal {
  if (buy === null || get === null) return 'nothing_applies'
  const units = left.lines.flatMap((line, index) => {
    const cost = (left.amounts[index] ?? NONE).over(new Fraction(line.quantity))
    const unit: Unit = { line: index, cost, buys: names(buy, [], line), gets: names(get, [], line) }
    return seen[index] ? Array.from({ length: line.quantity }, () => unit) : []
  })
  if (!units.some((unit) => unit.buys) || !units.some((unit) => unit.gets)) return 'nothing_applies'
  let times = 0
  while (suffices(units, (times + 1) * buy.quantity, (times + 1) * get.quantity)) times++
  if (times === 0) return 'below_minimum_quantity'
  const rest = [...units]
  const given: Unit[] = []
  for (const unit of units.filter(({ gets }) => gets).sort(byCost)) {
    const without = rest.filter((_, index) => index !== rest.indexOf(unit))
    const isWanted = given.length < times * get.quantity
    if (!isWanted || !suffices(without, times * buy.quantity, times * get.quantity - given.length - 1)) continue
    given.push(unit)
    rest.splice(rest.indexOf(unit), 1)
  }
  const costs = left.lines.map((_, index) =>
    Fraction.sum(given.filter(({ line }) => line === index).map(({ cost }) => cost)),
  )
  const cost = Fraction.sum(costs)
  const amount = cost.times(Fraction.read(get.percentOff)).over(HUNDRED).nearest(step)
  return { amounts: divide(cost.isBelow(amount) ? cost.down(step) : amount, costs, step), shipping: NONE }
}

function byCost(a: Unit, b: Unit): number {
  if (a.cost.isBelow(b.cost)) return -1
  return b.cost.isBelow(a.cost) ? 1 : 0
}

/** Whether so many units can be bought and so many others discounted: those that can be only one of it go first. */
function suffices(units: Unit[], toBuy: number, toGet: number): boolean {
  const buyOnly = units.filter(({ buys, gets }) => buys && !gets).length
  const getOnly = units.filter(({ buys, gets }) => gets && !buys).length
  const either = units.filter(({ buys, gets }) => buys && gets).length
  return Math.max(0, toBuy - buyOnly) + Math.max(0, toGet - getOnly) <= either
}
