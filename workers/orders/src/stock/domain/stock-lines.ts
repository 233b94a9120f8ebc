import type { StockLine } from '@shop/contracts/catalog/rpc'

/** What order lines take out of stock: one entry per variant, lines of the same variant added up. */
export function stockLinesOf(lines: StockLine[]): StockLine[] {
  const quantities = new Map<number, number>()
  for (const { variantId, quantity } of lines) quantities.set(variantId, (quantities.get(variantId) ?? 0) + quantity)
  return [...quantities].map(([variantId, quantity]) => ({ variantId, quantity }))
}

export function variantIdsOf(lines: Pick<StockLine, 'variantId'>[]): number[] {
  return [...new Set(lines.map((line) => line.variantId))]
}
