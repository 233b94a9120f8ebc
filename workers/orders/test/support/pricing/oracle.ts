import type {
  AppliedTax,
  PricedCart,
  PricedPart,
  Pricing,
  PricingLine,
  TaxLine,
} from '../../../src/pricing/domain/pricing.ts'
import { divide, Fraction } from './fraction.ts'
import { type Applied, oracleDiscounts } from './oracle-discounts.ts'

const NONE = new Fraction(0)
const ONE = new Fraction(1)
/** The smallest step that cards are charged in. */
const STEPS: Record<string, number> = { USD: 1, JPY: 1, KWD: 10, HUF: 1 }

type Taxed = { amount: Fraction; taxes: readonly AppliedTax[]; quantity: number }

/** What a cart costs by the rules of docs/decisions/0025-prices-of-orders.md, in rational numbers. Shares no code with the shop. */
export function oraclePrice(pricing: Pricing): PricedCart {
  const prices = [...pricing.lines.map(({ unitPrice }) => unitPrice), pricing.shipping?.price ?? 0]
  const stepOfCurrency = STEPS[pricing.currency] ?? 1
  const step = prices.some((price) => price % stepOfCurrency !== 0) ? 1 : stepOfCurrency
  const lines = [...pricing.lines].sort(byContent)
  const applied = oracleDiscounts(pricing, lines, step)
  const reduced = lines.map((line, index) => {
    const taken = applied.map((one) => ({ id: one.promotion.id, amount: takenFrom(one, index) }))
    return partOf(new Fraction(line.unitPrice * line.quantity), taken)
  })
  const taken = applied.map((one) => ({ id: one.promotion.id, amount: takenFrom(one, 'shipping') }))
  const shipping = pricing.shipping === null ? null : partOf(new Fraction(pricing.shipping.price), taken)
  const taxed = lines.map(({ taxes, quantity }, index) => {
    return { taxes, quantity, amount: reduced[index]?.amount ?? NONE }
  })
  const delivered = taxed.filter((_, index) => lines[index]?.isShipped)
  const shares = shipping === null ? [] : shippingShares(shipping.amount, delivered.length === 0 ? taxed : delivered)
  const taxes = oracleTaxes([...taxed, ...shares], pricing, step)
  const finish = (part: ReturnType<typeof partOf>, taxLines: TaxLine[]): PricedPart => {
    const tax = taxLines.reduce((sum, { amount }) => sum + amount, 0)
    const total = part.amount.toNumber() + (pricing.pricesIncludeTax ? 0 : tax)
    return { ...part.view, tax, total, taxLines }
  }
  const parts = reduced.map((part, index) => finish(part, taxes[index] ?? []))
  const ofShipping = shipping === null ? null : finish(shipping, byRate(taxes.slice(lines.length).flat()))
  return {
    currency: pricing.currency,
    pricesIncludeTax: pricing.pricesIncludeTax,
    lines: pricing.lines.flatMap((line) => {
      const part = parts[lines.indexOf(line)]
      return part === undefined ? [] : [{ id: line.id, unitPrice: line.unitPrice, quantity: line.quantity, ...part }]
    }),
    shipping:
      pricing.shipping === null || ofShipping === null
        ? null
        : { optionId: pricing.shipping.optionId, name: pricing.shipping.name, ...ofShipping },
    ...totalsOf(parts, ofShipping),
    ...explain(applied),
  }
}

/** By variant, price, quantity, id. */
function byContent(a: PricingLine, b: PricingLine): number {
  if (a.variantId !== b.variantId) return a.variantId - b.variantId
  if (a.unitPrice !== b.unitPrice) return a.unitPrice - b.unitPrice
  if (a.quantity !== b.quantity) return a.quantity - b.quantity
  return a.id < b.id ? -1 : 1
}

function takenFrom({ taken }: Applied, part: number | 'shipping'): Fraction {
  if (typeof taken === 'string') return NONE
  return part === 'shipping' ? taken.shipping : (taken.amounts[part] ?? NONE)
}

function partOf(subtotal: Fraction, taken: { id: string; amount: Fraction }[]) {
  const discount = Fraction.sum(taken.map(({ amount }) => amount))
  const adjustments = taken
    .filter(({ amount }) => !amount.isZero())
    .map(({ id, amount }) => ({ promotionId: id, amount: amount.toNumber() }))
  const view = { subtotal: subtotal.toNumber(), discount: discount.toNumber(), adjustments }
  return { amount: subtotal.minus(discount), view }
}

/** One share for each list of taxes. */
function shippingShares(amount: Fraction, lines: Taxed[]): Taxed[] {
  const lists = sameTaxes(lines)
  const worth = lists.map((list) => Fraction.sum(list.map((line) => line.amount)))
  const units = lists.map((list) => Fraction.sum(list.map((line) => new Fraction(line.quantity))))
  const shares = lists.length === 0 ? [] : divide(amount, worth.every((value) => value.isZero()) ? units : worth, 1)
  return shares.map((share, index) => ({ amount: share, taxes: lists[index]?.[0]?.taxes ?? [], quantity: 0 }))
}

function sameTaxes(parts: Taxed[]): Taxed[][] {
  const lists: Taxed[][] = []
  for (const part of parts) {
    const known = lists.find((list) => JSON.stringify(list[0]?.taxes) === JSON.stringify(part.taxes))
    if (known === undefined) lists.push([part])
    else known.push(part)
  }
  return lists
}

/** The tax lines of each part. */
function oracleTaxes(parts: Taxed[], { pricesIncludeTax, rounding }: Pricing, stepOfAdded: number): TaxLine[][] {
  const step = pricesIncludeTax ? 1 : stepOfAdded
  const found = new Map<Taxed, TaxLine[]>()
  for (const list of rounding === 'line' ? parts.map((part) => [part]) : sameTaxes(parts)) {
    const taxes = list[0]?.taxes ?? []
    const worth = list.map(({ amount }) => amount)
    let rest = ratesOn(Fraction.sum(worth), taxes, pricesIncludeTax, step)
    const ofParts = divide(Fraction.sum(rest), worth, step)
    for (const [index, part] of list.entries()) {
      const own = divide(ofParts[index] ?? NONE, rest, step)
      rest = rest.map((amount, rate) => amount.minus(own[rate] ?? NONE))
      const amounts = own.map((amount) => amount.toNumber())
      found.set(
        part,
        taxes.map(({ id, name, rate }, each) => ({ rateId: id, name, rate, amount: amounts[each] ?? 0 })),
      )
    }
  }
  return parts.map((part) => found.get(part) ?? [])
}

/** The rounded tax of each rate on an amount. */
function ratesOn(amount: Fraction, taxes: readonly AppliedTax[], isIncluded: boolean, step: number): Fraction[] {
  // What a price of 1 before tax costs after each tax.
  let gross = ONE
  const onOne = taxes.map(({ rate, isCompound }) => {
    const tax = Fraction.read(rate).times(isCompound ? gross : ONE)
    gross = gross.plus(tax)
    return tax
  })
  const net = isIncluded ? amount.over(gross) : amount
  const exact = onOne.map((tax) => tax.times(net))
  const rounded = exact.map((tax) => tax.nearest(step))
  const exceeds = isIncluded && amount.isBelow(Fraction.sum(rounded))
  return exceeds ? divide(Fraction.sum(exact).nearest(step), exact, step) : rounded
}

function byRate(taxLines: TaxLine[]): TaxLine[] {
  const ids = [...new Set(taxLines.map(({ rateId }) => rateId))]
  return ids.flatMap((id) => {
    const own = taxLines.filter(({ rateId }) => rateId === id)
    return own[0] === undefined ? [] : [{ ...own[0], amount: own.reduce((sum, { amount }) => sum + amount, 0) }]
  })
}

function totalsOf(lines: PricedPart[], shipping: PricedPart | null) {
  const all = shipping === null ? lines : [...lines, shipping]
  const sum = (parts: PricedPart[], member: 'subtotal' | 'discount' | 'tax' | 'total') =>
    parts.reduce((total, part) => total + part[member], 0)
  return {
    subtotal: sum(lines, 'subtotal'),
    discountTotal: sum(all, 'discount'),
    shippingTotal: shipping?.subtotal ?? 0,
    taxTotal: sum(all, 'tax'),
    total: sum(all, 'total'),
    taxLines: byRate(all.flatMap(({ taxLines }) => taxLines)),
  }
}

function explain(applied: Applied[]): Pick<PricedCart, 'adjustments' | 'refused'> {
  const adjustments = applied.flatMap(({ promotion: { id, code, name, type }, taken }) => {
    if (typeof taken === 'string') return []
    const amount = Fraction.sum([...taken.amounts, taken.shipping]).toNumber()
    return [{ promotionId: id, code, name, type, amount }]
  })
  const refused = applied.flatMap(({ promotion: { id, code }, taken }) =>
    typeof taken === 'string' && code !== null ? [{ promotionId: id, code, reason: taken }] : [],
  )
  return { adjustments, refused }
}
