import type { OrderLineNotFound } from '@shop/contracts/orders/failures'
import type {
  QuantityExceedsReturnable,
  QuantityExceedsToReceive,
  ReturnStatusConflict,
} from '@shop/contracts/orders/return-failures'
import type { OrderActor, PartStepType } from '@shop/contracts/orders/states'
import type { ReturnId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { addedUp, leftToReturn, withUnits } from '../../fulfillment/domain/units.ts'
import type { Order, OrderLine } from '../../orders/domain/order.ts'
import { type Changed, type Step, step, UNCHANGED } from '../../orders/domain/steps.ts'
import type { StockAdjustment } from '../../stock/domain/stock-adjustment.ts'
import { leftToReceive, type Return, type ReturnChange, type ReturnedItem } from './return.ts'

/** The units to return. Each line is named once. */
export type ReturnDraft = { items: { lineId: string; quantity: number; reason: string }[]; note: string | null }

/** Received units. `restock`: they are for sale again. A line may be named twice, once for each value of `restock`. */
export type ReceivedItem = { lineId: string; quantity: number; restock: boolean }

type Decided = Result<Step, ReturnStatusConflict>

/**
 * Decides a new return of units that have left. That of staff is approved at once. A gift card cannot come back: it is a code, which may
 * be spent by then.
 */
export function requestReturn(
  order: Order,
  { items, note }: ReturnDraft,
  { id, at, by }: { id: ReturnId; at: Date; by: OrderActor },
): Result<Changed, OrderLineNotFound | QuantityExceedsReturnable> {
  const returned: ReturnedItem[] = []
  for (const { lineId, quantity, reason } of items) {
    const line = order.lines.find((one) => one.id === lineId)
    if (line === undefined) return fail({ code: 'order_line_not_found', lineId })
    const left = line.isGiftCard ? 0 : leftToReturn(line)
    if (quantity > left) return fail({ code: 'quantity_exceeds_returnable', lineId, requested: quantity, left })
    returned.push({ lineId: line.id, quantity, reason, received: 0, restocked: 0, writtenOff: 0 })
  }
  const isByStaff = by.kind === 'staff'
  const made: Return = {
    ...{ id, status: isByStaff ? 'approved' : 'requested', requestedBy: by, items: returned, note, refuseReason: null },
    ...{ exchangeOrderId: null, receipts: 0, createdAt: at, updatedAt: at, approvedAt: isByStaff ? at : null },
    ...{ refusedAt: null, cancelledAt: null, receivedAt: null, closedAt: null },
  }
  const expected = moved(order.lines, returned, ({ quantity }) => ({ returning: quantity }))
  return ok(
    isByStaff
      ? returnStep('return_approved', expected, { made, events: ['return.requested', 'return.approved'] })
      : returnStep('return_requested', expected, { made, events: ['return.requested'] }),
  )
}

/** Decides an approval. Repeating it changes nothing. */
export function approveReturn(order: Order, known: Return, at: Date): Decided {
  if (known.status === 'approved') return ok(UNCHANGED)
  if (known.status !== 'requested') return conflict(known)
  const made: Return = { ...known, status: 'approved', updatedAt: at, approvedAt: at }
  return ok(returnStep('return_approved', order.lines, { made, events: ['return.approved'] }))
}

/** Decides a refusal: the units can be returned again. Repeating it changes nothing. */
export function refuseReturn(order: Order, known: Return, reason: string, at: Date): Decided {
  if (known.status === 'refused') return ok(UNCHANGED)
  if (known.status !== 'requested') return conflict(known)
  const made: Return = { ...known, status: 'refused', refuseReason: reason, updatedAt: at, refusedAt: at }
  return ok(returnStep('return_refused', withoutExpected(order, known), { made, events: ['return.refused'] }))
}

/** Decides a cancellation, possible only before staff decide. Repeating it changes nothing. */
export function cancelReturn(order: Order, known: Return, at: Date): Decided {
  if (known.status === 'cancelled') return ok(UNCHANGED)
  if (known.status !== 'requested') return conflict(known)
  const made: Return = { ...known, status: 'cancelled', updatedAt: at, cancelledAt: at }
  return ok(returnStep('return_cancelled', withoutExpected(order, known), { made, events: ['return.cancelled'] }))
}

/** Decides the end of a return: units that were not received can be returned again. Repeating it changes nothing. */
export function closeReturn(order: Order, known: Return, at: Date): Decided {
  if (known.status === 'closed') return ok(UNCHANGED)
  if (known.status !== 'approved' && known.status !== 'received') return conflict(known)
  const made: Return = { ...known, status: 'closed', updatedAt: at, closedAt: at }
  return ok(returnStep('return_closed', withoutExpected(order, known), { made, events: ['return.closed'] }))
}

/** Decides a receipt of units. With the last units the status becomes `received`. */
export function receiveReturn(
  order: Order,
  known: Return,
  received: readonly ReceivedItem[],
  at: Date,
): Result<Step, ReturnStatusConflict | QuantityExceedsToReceive> {
  if (known.status !== 'approved') return conflict(known)
  for (const [lineId, requested] of addedUp(received)) {
    const item = known.items.find((one) => one.lineId === lineId)
    const left = item === undefined ? 0 : leftToReceive(item)
    if (requested > left) return fail({ code: 'quantity_exceeds_to_receive', lineId, requested, left })
  }
  const items = known.items.map((item) => afterReceipt(item, received))
  const isAll = items.every((item) => leftToReceive(item) === 0)
  const made: Return = {
    ...{ ...known, items, status: isAll ? 'received' : 'approved', receipts: known.receipts + 1 },
    ...{ updatedAt: at, receivedAt: at },
  }
  const lines = moved(order.lines, known.items, (item) => {
    const count = afterReceipt(item, received).received - item.received
    return { returning: -count, returned: count }
  })
  const stockAdjustments = order.lines.flatMap((line) => adjustmentsOf(line, known, received))
  return ok({ ...returnStep('return_received', lines, { made, events: ['return.received'] }), stockAdjustments })
}

/** The stock adjustments of a line. Their keys contain the number of the receipt, because a line may be received in parts. */
function adjustmentsOf(
  line: OrderLine,
  { id, receipts }: Return,
  received: readonly ReceivedItem[],
): StockAdjustment[] {
  return ([true, false] as const).flatMap((restock) => {
    const quantity = countOf(received, line.id, restock)
    const kind = restock ? 'restock' : 'write_off'
    const key = `${id}:${line.id}:${receipts + 1}:${kind}`
    return quantity === 0 ? [] : [{ key, variantId: line.variantId, quantity, kind, reason: 'returned' }]
  })
}

const countOf = (received: readonly ReceivedItem[], lineId: string, restock: boolean): number =>
  received.reduce((sum, one) => (one.lineId === lineId && one.restock === restock ? sum + one.quantity : sum), 0)

function afterReceipt(item: ReturnedItem, received: readonly ReceivedItem[]): ReturnedItem {
  const restocked = countOf(received, item.lineId, true)
  const writtenOff = countOf(received, item.lineId, false)
  return {
    ...item,
    received: item.received + restocked + writtenOff,
    restocked: item.restocked + restocked,
    writtenOff: item.writtenOff + writtenOff,
  }
}

const withoutExpected = ({ lines }: Order, { items }: Return): OrderLine[] =>
  moved(lines, items, (item) => ({ returning: -leftToReceive(item) }))

/** The lines after their units moved. Lines whose units stay are the same objects, so that they are not written. */
function moved(
  lines: OrderLine[],
  items: readonly ReturnedItem[],
  by: (item: ReturnedItem) => { returning: number; returned?: number },
): OrderLine[] {
  return lines.map((line) => {
    const item = items.find(({ lineId }) => lineId === line.id)
    const change = item && by(item)
    return change === undefined || change.returning === 0 ? line : withUnits(line, change)
  })
}

export function returnStep(type: PartStepType, lines: OrderLine[], returned: ReturnChange): Changed {
  return { ...step(type, { lines }, { returnId: returned.made.id }), returned }
}

const conflict = ({ id: returnId, status: returnStatus }: Return) =>
  fail({ code: 'return_status_conflict', returnId, returnStatus } as const)
