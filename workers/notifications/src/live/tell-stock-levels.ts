import type { StockLevelMessage } from '@shop/contracts/catalog/stock-levels'
import { messageOfLevel } from './domain/message.ts'
import { type TellLiveDeps, tellMessages } from './internal/tell-messages.ts'

/** Tells levels to those who listen: of each variant the newest one. One that could not be told is replaced by the next. */
export async function tellStockLevels(deps: TellLiveDeps, levels: readonly StockLevelMessage[]): Promise<void> {
  const newest = new Map<number, StockLevelMessage>()
  for (const level of levels) {
    const known = newest.get(level.variantId)
    if (known === undefined || known.sequence < level.sequence) newest.set(level.variantId, level)
  }
  await tellMessages(deps, [...newest.values()].map(messageOfLevel))
}
