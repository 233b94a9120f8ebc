import type { CommitHolds, HoldLine, Quote, StockLine } from '@shop/contracts/catalog/rpc'
import type { Order, OrderLine } from '../../orders/domain/order.ts'

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

type Held = Pick<Order, 'id'> & { lines: (StockLine & Partial<Pick<OrderLine, 'holdId'>>)[] }

/** The holds of an order: one under the order's id for the original lines, and one under the id of each edit that added lines. */
export function holdsOf({ id, lines }: Held): CommitHolds[] {
  const byHold = Map.groupBy(lines, ({ holdId }) => holdId ?? id)
  return [...byHold].map(([holdId, held]) => ({ holdId, lines: stockLinesOf(held) }))
}
