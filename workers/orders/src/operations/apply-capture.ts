import {
  type CapturedPayment,
  type CaptureOutcome,
  fail,
  type Order,
  type OrderNotFound,
  ok,
  type Result,
  type ServiceUnavailable,
} from '@shop/contracts'
import { judgeCapture } from '../domain/order.ts'
import { stockLinesOf } from '../domain/pricing.ts'
import type { OrdersDeps } from '../ports.ts'

const PAID = { outcome: 'paid' } as const
const REFUND = { outcome: 'refund' } as const

/**
 * Takes a captured payment: the order becomes paid, then every line leaves the stock. The order row is the arbiter:
 * only a pending order can take a payment, so a cancelled or expired one sends it back.
 *
 * If the stock of a line is gone for good the order is cancelled and the money sent back. Any part may run again.
 */
export async function applyCapture(
  deps: OrdersDeps,
  payment: CapturedPayment,
): Promise<Result<CaptureOutcome, OrderNotFound | ServiceUnavailable>> {
  const { captured, order } = await deps.store.saveCaptured(payment, deps.now())
  if (order === undefined) return fail({ code: 'order_not_found' })
  if (!captured) {
    const judgement = judgeCapture(order, payment)
    if (judgement === 'refund') return ok(REFUND)
    if (judgement === 'retry') return fail({ code: 'service_unavailable' })
  }
  return order.stockCommitted ? ok(PAID) : commitStock(deps, order)
}

async function commitStock(deps: OrdersDeps, order: Order): Promise<Result<CaptureOutcome, ServiceUnavailable>> {
  const committed = await deps.catalog.commitHolds({ holdId: order.id, lines: stockLinesOf(order.lines) })
  if (committed.ok) {
    await deps.store.saveStockCommitted(order.id, deps.now())
    return ok(PAID)
  }
  if (committed.failure.code === 'service_unavailable') return fail(committed.failure)
  return cancelForStock(deps, order)
}

/** Calls off a paid order whose stock is gone. Losing the save to another writer means deciding again later. */
async function cancelForStock(deps: OrdersDeps, order: Order): Promise<Result<CaptureOutcome, ServiceUnavailable>> {
  const cancelled = await deps.store.saveCancelled({
    id: order.id,
    version: order.version,
    cancelReason: 'stock_gone',
    updatedAt: deps.now(),
  })
  if (!cancelled) return fail({ code: 'service_unavailable' })
  await deps.wakePayments()
  return ok(REFUND)
}
