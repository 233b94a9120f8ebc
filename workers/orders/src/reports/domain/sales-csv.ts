import { type CsvCell, csvLine } from '@shop/kernel/csv'
import { toMajor } from '@shop/kernel/money'
import { figuresOf, type SalesFigures, type SalesGroup, type SalesRow } from './sales.ts'

/** The columns that say what a row is about, and their cells. */
const KEYS: Record<SalesGroup, { names: string[]; cells: (row: SalesRow) => CsvCell[] }> = {
  day: { names: ['day'], cells: ({ key }) => [key] },
  product: {
    names: ['product_id', 'product_name'],
    cells: ({ key, name }) => [key === null ? null : Number(key), name],
  },
  country: { names: ['country'], cells: ({ key }) => [key] },
}

/** Amounts in the order of the columns. */
const AMOUNTS: [name: string, figure: Exclude<keyof SalesFigures, 'orders'>][] = [
  ['gross', 'gross'],
  ['discounts', 'discounts'],
  ['shipping', 'shipping'],
  ['tax', 'tax'],
  ['included_tax', 'includedTax'],
  ['total', 'total'],
  ['gift_cards', 'giftCards'],
  ['adjustments', 'adjustments'],
  ['captured', 'captured'],
  ['refunds', 'refunds'],
  ['credited', 'credited'],
  ['disputes', 'disputes'],
  ['net', 'net'],
]

export const csvHeader = (group: SalesGroup): string =>
  csvLine([...KEYS[group].names, 'currency', 'orders', ...AMOUNTS.map(([name]) => name)])

/** A row of the report as a line; amounts in major units. */
export function toCsvLine(group: SalesGroup, row: SalesRow): string {
  const figures = figuresOf(row)
  const amounts = AMOUNTS.map(([, figure]) => toMajor(figures[figure], row.currency))
  return csvLine([...KEYS[group].cells(row), row.currency, figures.orders, ...amounts])
}
