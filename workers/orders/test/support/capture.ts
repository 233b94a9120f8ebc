import type { OrdersDeps } from '../../src/deps.ts'
import { changeOf } from '../../src/orders/domain/steps.ts'
import { recordCapture } from '../../src/payment-events/domain/capture.ts'
import type { CaptureFact } from '../../src/payment-events/domain/facts.ts'
import type { MoneyEntry } from '../../src/payment-events/domain/money-entries.ts'

/** Records a capture in the database as its event does: that of a part is a change of its own. */
export async function capture(
  shop: Pick<OrdersDeps, 'captures' | 'orders'>,
  fact: CaptureFact,
  at: Date,
  money: MoneyEntry[],
): Promise<void> {
  const { captured, order } = await shop.captures.capturePending(fact, at, money)
  if (captured || order === undefined) return
  const { step } = recordCapture(order, fact)
  if (step.kind === 'changed') await shop.orders.saveChange(changeOf(order, step, { actor: { kind: 'system' }, at }))
}
