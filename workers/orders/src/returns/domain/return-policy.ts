import type { ReturnReasonUnknown, ReturnWindowOver } from '@shop/contracts/orders/return-failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import { addSeconds, DAY_SECONDS } from '@shop/kernel/time'
import type { Order } from '../../orders/domain/order.ts'

/** The shop's rules for returns that customers request. */
export type ReturnPolicy = {
  /** Days after the delivery of the last units of a line, or after their shipment if the delivery is not known. */
  windowDays: number
  reasons: readonly string[]
}

export function checkReasons(
  { reasons }: ReturnPolicy,
  items: readonly { reason: string }[],
): Result<undefined, ReturnReasonUnknown> {
  const unknown = items.find(({ reason }) => !reasons.includes(reason))
  if (unknown === undefined) return ok()
  return fail({ code: 'return_reason_unknown', reason: unknown.reason, reasons: [...reasons] })
}

/** Checks that the return window of each line is still open. A line without shipped units has no window yet. */
export function checkWindow(
  { windowDays }: ReturnPolicy,
  order: Pick<Order, 'shipments'>,
  items: readonly { lineId: string }[],
  now: Date,
): Result<undefined, ReturnWindowOver> {
  for (const { lineId } of items) {
    const began = arrivalOf(order, lineId)
    const until = began && addSeconds(began, windowDays * DAY_SECONDS)
    if (until !== undefined && now >= until) {
      return fail({ code: 'return_window_over', lineId, until: until.toISOString() })
    }
  }
  return ok()
}

/** When the last units of a line were delivered, or shipped if that is not known; undefined if none were shipped. */
function arrivalOf({ shipments }: Pick<Order, 'shipments'>, lineId: string): Date | undefined {
  const instants = shipments
    .filter(({ items }) => items.some((item) => item.lineId === lineId))
    .flatMap(({ deliveredAt, shippedAt }) => deliveredAt ?? shippedAt ?? [])
  return instants.toSorted((one, other) => one.getTime() - other.getTime()).at(-1)
}
