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
 * Saves an exchange: the change of the original order, which gives the value of its returned units as a gift card, and the new order,
 * which spends it. One transaction. The new order is written only if the change is, so both exist or neither does.
 */
export async function saveExchange(db: Db, { change, placed, placement }: Exchange): Promise<Inserted> {
  try {
    const [, inserted] = await askAll(db, [saveStatementOf(change), insertOrderStatement(placed, placement)])
    return inserted?.length === 1 ? 'inserted' : 'original_changed'
  } catch (error) {
    // The key of the request led to an exchange before, or the return has one.
    if (isRepeated(error)) return 'original_changed'
    return refusedInsert(error, placed)
  }
}
