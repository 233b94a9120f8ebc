import type { OrderChanged, OrderNotFound } from '@shop/contracts/orders/failures'
import { ok, type Result } from '@shop/kernel/result'
import { type ChangeDeps, changeOrder, SYSTEM } from '../../orders/change-order.ts'
import type { Order } from '../../orders/domain/order.ts'
import { recordDisputes } from '../domain/dispute.ts'
import type { DisputeFact } from '../domain/facts.ts'

/** Records what disputes of the order's payment have moved. @param known the order, if it was just read */
export async function applyDispute(
  deps: ChangeDeps,
  fact: DisputeFact,
  known: Order | undefined,
): Promise<Result<undefined, OrderNotFound | OrderChanged>> {
  const target = { orderId: fact.orderId, actor: SYSTEM, known }
  const saved = await changeOrder(deps, target, (order) => ok(recordDisputes(order, fact)))
  return saved.ok ? ok() : saved
}
