import type { StockTerms } from '@shop/contracts/catalog/rpc'
import { EMPTY_STOCK, type StockLevel } from './level.ts'
import type { StockChange } from './stock-change.ts'

/** The object has no stock, though it has listed some before: its storage is lost. No call can be decided. */
export type StockLost = { code: 'stock_lost'; variantId: number }
export type LostStock = { ok: false; failure: StockLost }

/** An answer of an object whose storage is not lost. */
export type Kept<A> = A extends { failure: infer F }
  ? [F] extends [never]
    ? A
    : [F] extends [StockLost]
      ? never
      : A
  : A

/** Tells the answer of a lost object from every other one. */
export function isOfLostStock(answer: unknown): answer is LostStock {
  if (typeof answer !== 'object' || answer === null || !('failure' in answer)) return false
  const { failure } = answer
  return typeof failure === 'object' && failure !== null && 'code' in failure && failure.code === 'stock_lost'
}

/** Whether the level is that of an object which has its opening stock. An object without any stock is open, too. */
export const isOpen = ({ sequence }: StockLevel): boolean => sequence > 0

/** Only an open object lists a level, so one that is not open and has listed a level has lost its storage. */
export function isLost(level: StockLevel, { sequence }: Pick<StockTerms, 'sequence'>): boolean {
  return !isOpen(level) && sequence > 0
}

/** The level of an object that is not open yet. */
export function unopenedLevel({ openingStock }: Pick<StockTerms, 'openingStock'>): StockLevel {
  return { ...EMPTY_STOCK, onHand: openingStock, available: openingStock }
}

/** Writes the opening stock, also where it is 0: from then on the object decides by its own storage alone. */
export function open(variantId: number, terms: Pick<StockTerms, 'openingStock'>, at: Date): StockChange {
  const level = { ...unopenedLevel(terms), sequence: 1 }
  const { onHand, held } = level
  const movement = {
    key: `opening:${variantId}`,
    reason: 'opening' as const,
    requested: onHand,
    delta: onHand,
    ...{ onHand, held, note: null, actor: null, at },
  }
  return { level, movement }
}
