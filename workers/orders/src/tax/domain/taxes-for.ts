import type { Destination } from '@shop/addresses/destination'
import { closenessOf } from '../../places/domain/area.ts'
import type { TaxRate } from './tax-rate.ts'

/** A tax that is charged. `rate` is a decimal fraction; a compound one is charged on the taxes before it, too. */
export type DueTax = Pick<TaxRate, 'id' | 'name' | 'rate' | 'isCompound'>

type Taxed = { destination: Destination; taxCategory: string | null; at: Date }
type Candidate = { rate: TaxRate; closeness: number }

/**
 * The taxes on an item, in the order in which they are charged: of each priority the rate that fits best.
 *
 * That is the one whose area describes the destination most closely, then one of the item's own category, then the one
 * that began last, then the newest. So a new rate with a beginning replaces an old one without an end.
 *
 * @returns a rate of 0 is among them, since it is shown on invoices
 */
export function taxesFor(rates: readonly TaxRate[], { destination, taxCategory, at }: Taxed): DueTax[] {
  const candidates = rates
    .filter((rate) => isInForce(rate, at) && (rate.taxCategory === null || rate.taxCategory === taxCategory))
    .flatMap((rate) => {
      const closeness = closenessOf(rate.area, destination)
      return closeness === undefined ? [] : [{ rate, closeness }]
    })
  return [...Map.groupBy(candidates, ({ rate }) => rate.priority)]
    .sort(([one], [other]) => one - other)
    .flatMap(([, competing]) => competing.toSorted(byFit).slice(0, 1))
    .map(({ rate: { id, name, rate, isCompound } }) => ({ id, name, rate, isCompound }))
}

const isInForce = ({ validFrom, validTo }: TaxRate, at: Date) =>
  (validFrom === null || validFrom <= at) && (validTo === null || at < validTo)

/** The best first. */
function byFit(one: Candidate, other: Candidate): number {
  return (
    other.closeness - one.closeness ||
    Number(one.rate.taxCategory === null) - Number(other.rate.taxCategory === null) ||
    startOf(other.rate) - startOf(one.rate) ||
    (one.rate.id < other.rate.id ? 1 : -1)
  )
}

/** The earliest instant that a Date can hold stands for ever, since infinities have no difference. */
const startOf = ({ validFrom }: TaxRate) => validFrom?.getTime() ?? -8.64e15
