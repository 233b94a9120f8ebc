import type { TaxLine } from '../../pricing/domain/pricing.ts'

/**
 * What the invoices of an order less its credit notes amount to, taxes included, in minor units. Stored with the order, so that
 * the next credit note is decided from it.
 *
 * `isByLine`: every credit note so far was over lines, so the taxes that are left are those of the units that are left.
 */
export type Invoiced = { total: number; taxLines: TaxLine[]; isByLine: boolean }

/** After the first invoice over an order. */
export const invoicedWith = ({ total, taxLines }: Pick<Invoiced, 'total' | 'taxLines'>): Invoiced => {
  return { total, taxLines, isByLine: true }
}

type Amount = Pick<Invoiced, 'total' | 'taxLines'>

/** After an invoice over so much more, or a credit note (-1). No tax falls below 0, though rates may have changed. */
export function withAmount(invoiced: Invoiced, { total, taxLines }: Amount, sign: 1 | -1): Invoiced {
  const rates = new Map(invoiced.taxLines.map((line) => [line.rateId, line]))
  for (const line of taxLines) {
    const amount = Math.max(0, (rates.get(line.rateId)?.amount ?? 0) + sign * line.amount)
    rates.set(line.rateId, { ...line, amount })
  }
  return { ...invoiced, total: invoiced.total + sign * total, taxLines: [...rates.values()] }
}

/**
 * The taxes in an amount, in proportion to what is left. What is credited last has all that is left of each tax, so the credit
 * notes of an order never have more or less tax than its invoice.
 *
 * @param amount from 0 to the total
 */
export function taxesIn({ total, taxLines }: Amount, amount: number): TaxLine[] {
  return taxLines.map((line) => ({ ...line, amount: shareOf(line.amount, amount, total) }))
}

/** `whole` × `part` / `of`, rounded to the nearest minor unit, half up; 0 of nothing. Exact: products may exceed 2^53. */
export function shareOf(whole: number, part: number, of: number): number {
  if (of === 0) return 0
  const [numerator, denominator] = [BigInt(whole) * BigInt(part), BigInt(of)]
  return Number((2n * numerator + denominator) / (2n * denominator))
}
