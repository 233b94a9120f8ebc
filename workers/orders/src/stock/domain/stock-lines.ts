import type { HoldLine, Quote, StockLine } from '@shop/contracts/catalog/rpc'

/** What order lines take out of stock: one entry per variant, lines of the same variant added up. */
export function stockLinesOf(lines: StockLine[]): StockLine[] {
  const quantities = new Map<number, number>()
  for (const { variantId, quantity } of lines) quantities.set(variantId, (quantities.get(variantId) ?? 0) + quantity)
  return [...quantities].map(([variantId, quantity]) => ({ variantId, quantity }))
}

/** What order lines hold, with the terms of their quotes. */
export function holdLinesOf(lines: StockLine[], quotes: Pick<Quote, 'variantId' | 'stock'>[]): HoldLine[] {
  const terms = new Map(quotes.map(({ variantId, stock }) => [variantId, stock]))
  return stockLinesOf(lines).map((line) => {
    const found = terms.get(line.variantId)
    if (found === undefined) throw new Error(`Variant ${line.variantId} was not quoted`)
    return { ...line, terms: found }
  })
}

export function variantIdsOf(lines: Pick<StockLine, 'variantId'>[]): number[] {
  return [...new Set(lines.map((line) => line.variantId))]
}
