import { askAll, type Db } from '@shop/db/client'
import type { NewOrder, OrderChange } from '../../orders/domain/order.ts'
import {
  type Inserted,
  insertOrderStatement,
  type Placement,
  refusedInsert,
} from '../../orders/repository/insert-order.ts'
import { isRepeated, saveStatementOf } from '../../orders/repository/save-change.ts'

export type Exchange = { change: OrderChange; placed: NewOrder; placement: Placement }

/**
 * Saves an exchange in one transaction: the change of the original order, which issues a gift card with the value of its returned units,
 * and the new order, which spends the card. The new order is written only if the change is.
 */
export async function saveExchange(db: Db, { change, placed, placement }: Exchange): Promise<Inserted> {
  try {
    const [, inserted] = await askAll(db, [saveStatementOf(change), insertOrderStatement(placed, placement)])
    return inserted?.length === 1 ? 'inserted' : 'original_changed'
  } catch (error) {
    // The idempotency key was used before, or the return was already exchanged.
    if (isRepeated(error)) return 'original_changed'
    return refusedInsert(error, placed)
  }
}
