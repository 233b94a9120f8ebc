import { type StockLevelMessage, StockLevelsMessage } from '@shop/contracts/catalog/stock-levels'

/** The levels in the bodies of queue messages; none in messages that only wake. */
export function readStockLevels(bodies: readonly unknown[]): StockLevelMessage[] {
  return bodies.flatMap((body) => {
    const read = StockLevelsMessage.safeParse(body)
    return read.success ? read.data.levels : []
  })
}
