import type {
  NothingToRefund,
  OrderErased,
  OrderLineNotFound,
  QuantityExceedsRefundable,
} from '@shop/contracts/orders/failures'
import type { ReturnExchanged } from '@shop/contracts/orders/return-failures'
import type { OrderId, RefundId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { LineRefund, RefundedItem } from '../../fulfillment/domain/line-refund.ts'
import { linesWith, refundableUnits, refundedItems } from '../../fulfillment/domain/line-refund-steps.ts'
import type { NewGiftCard } from '../../gift-cards/domain/gift-card.ts'
import { refundableOf } from '../../order-edits/domain/settle-edit.ts'
import type { Order } from '../../orders/domain/order.ts'
import type { Changed } from '../../orders/domain/steps.ts'
import type { Return } from './return.ts'
import { returnStep } from './return-steps.ts'

export type ExchangeFailure =
  | ReturnExchanged
  | OrderErased
  | NothingToRefund
  | OrderLineNotFound
  | QuantityExceedsRefundable

/** The units that an exchange refunds, and what was paid for them. `amount` in minor units of the order's currency. */
export type ExchangeValue = { items: RefundedItem[]; amount: number }

/**
 * What was paid for the units that came back with a return and were not refunded, at most what the shop still has of the order's money:
 * it may have been refunded by amount, or a bank may have returned it. Nobody receives an exchange once the customer is erased.
 */
export function exchangeValue(order: Order, known: Return): Result<ExchangeValue, ExchangeFailure> {
  const { id: returnId, exchangeOrderId } = known
  if (exchangeOrderId !== null) return fail({ code: 'return_exchanged', returnId, exchangeOrderId })
  if (order.erasedAt !== null) return fail({ code: 'order_erased' })
  const wanted = order.lines.flatMap((line) => {
    const quantity = refundableUnits(order, line, known)
    return quantity > 0 ? [{ lineId: line.id, quantity }] : []
  })
  const items = refundedItems(order, wanted, known)
  if (!items.ok) return items
  const paid = items.value.reduce((sum, item) => sum + item.amount, 0)
  const amount = Math.min(paid, refundableOf(order))
  return amount < 1 ? fail({ code: 'nothing_to_refund' }) : ok({ items: items.value, amount })
}

type MadeExchange = {
  refundId: RefundId
  exchangeOrderId: OrderId
  /** The part of the value that the new order spends; undefined if the new order costs nothing. The rest is refunded as money. */
  storeCredit: NewGiftCard | undefined
  at: Date
}

/**
 * Decides an exchange: the received units count as refunded. The part of their value that the new order spends is store credit; payments
 * refunds the rest as money.
 */
export function exchangeReturn(
  order: Order,
  known: Return,
  { items, amount }: ExchangeValue,
  { refundId, exchangeOrderId, storeCredit, at }: MadeExchange,
): Changed {
  const lineRefund: LineRefund = {
    ...{ refundId, origin: 'exchange', state: 'reserved', amount, items },
    ...{ shipping: 0, restockingFee: 0, returnId: known.id, createdAt: at },
  }
  const made: Return = { ...known, exchangeOrderId, updatedAt: at }
  return {
    ...returnStep('return_exchanged', linesWith(order.lines, items), { made, events: ['return.exchanged'] }),
    ...{ lineRefund, refundDue: { storeCredit: storeCredit?.initialBalance ?? 0 }, storeCredit },
  }
}
