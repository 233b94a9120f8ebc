import type { ReturnNotFound } from '@shop/contracts/orders/return-failures'
import { isId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../../deps.ts'
import type { Order } from '../../orders/domain/order.ts'
import type { Return } from '../domain/return.ts'

export type ReturnOfOrder = { order: Order; returned: Return }

export const noReturn = (returnId: string) => fail({ code: 'return_not_found', returnId } as const)

export function returnIn(order: Order, returnId: string): ReturnOfOrder | undefined {
  const returned = order.returns.find(({ id }) => id === returnId)
  return returned && { order, returned }
}

/** A return with its order. */
export async function findReturn(
  deps: Pick<OrdersDeps, 'returns'>,
  returnId: string,
): Promise<Result<ReturnOfOrder, ReturnNotFound>> {
  const order = isId('return', returnId) ? await deps.returns.findOrder(returnId) : undefined
  const found = order && returnIn(order, returnId)
  return found === undefined ? noReturn(returnId) : ok(found)
}
