import type { Order, OrderActor, OrderChanged, OrderNotFound } from '@shop/contracts'
import { fail, type OrderId, ok, type Result, type ServiceUnavailable } from '@shop/kernel'
import { changeOf, type Step } from '../domain/steps.ts'
import type { OrdersDeps } from '../ports.ts'

/** How often a save that lost to another writer is decided again on what that writer left. */
const ROUNDS = 4

export const SYSTEM: OrderActor = { kind: 'system' }

type Target = { orderId: OrderId; actor: OrderActor; known?: Order | undefined }

/**
 * Changes an order by one decision: loads it, decides, and saves if nobody else has changed it meanwhile.
 *
 * @param target.known the order as it was read a moment ago, which spares reading it again
 * @returns the order as it is afterwards
 */
export async function changeOrder<F = never>(
  deps: Pick<OrdersDeps, 'store' | 'now' | 'wakePayments'>,
  { orderId, actor, known }: Target,
  decide: (order: Order) => Result<Step, F>,
): Promise<Result<Order, F | OrderNotFound | OrderChanged>> {
  let order = known
  for (let round = 0; round < ROUNDS; round += 1) {
    order ??= await deps.store.find(orderId)
    if (order === undefined) return fail({ code: 'order_not_found' })
    const decided = decide(order)
    if (!decided.ok) return decided
    if (decided.value.kind === 'unchanged') return ok(order)
    const change = changeOf(order, decided.value, { actor, at: deps.now() })
    const saved = await deps.store.saveChange(change)
    if (saved === 'repeated') return ok(order)
    if (saved === 'saved') {
      if (change.announce !== null) await deps.wakePayments()
      return ok(change.order)
    }
    order = undefined
  }
  return fail({ code: 'order_changed' })
}

/** For payments, which tell everything until it is taken: what could not be decided now comes again. */
export function orLater<T>(
  result: Result<T, OrderNotFound | { code: 'order_changed' | 'not_yet' | 'service_unavailable' }>,
): Result<T, OrderNotFound | ServiceUnavailable> {
  if (result.ok) return result
  return fail(result.failure.code === 'order_not_found' ? result.failure : { code: 'service_unavailable' })
}
