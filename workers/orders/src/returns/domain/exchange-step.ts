import type {
  NothingToRefund,
  OrderErased,
  OrderLineNotFound,
  QuantityExceedsRefundable,
} from '@shop/contracts/orders/failures'
import type { ReturnExchanged } from '@shop/contracts/orders/return-failures'
import type { AmountNotChargeable } from '@shop/kernel/chargeable'
import { chargeStep } from '@shop/kernel/currencies'
import type { OrderId, RefundId } from '@shop/kernel/ids'
import { roundDown, toMajor } from '@shop/kernel/money'
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
 * it may have been refunded by amount, or a bank may have returned it. Rounded down to what Stripe can refund; the remainder stays with
 * the line, whose last unit is worth the rest. Nobody receives an exchange once the customer is erased.
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
  const step = refundStep(order)
  const paid = items.value.reduce((sum, item) => sum + item.amount, 0)
  const amount = roundDown(Math.min(paid, refundableOf(order)), step)
  return amount < 1
    ? fail({ code: 'nothing_to_refund' })
    : ok({ items: lowered(items.value, paid - roundDown(paid, step)), amount })
}

/**
 * Checks that the part of the value that the new order does not spend can be refunded.
 *
 * @param spent in minor units
 */
export function checkRest(
  order: Order,
  { amount }: Pick<ExchangeValue, 'amount'>,
  spent: number,
): Result<undefined, AmountNotChargeable> {
  const { currency } = order
  const step = refundStep(order)
  if ((amount - spent) % step === 0) return ok()
  return fail({ code: 'amount_not_chargeable', currency, step: toMajor(step, currency) })
}

/** What Stripe can refund is a multiple of this, in minor units. Gift cards take any amount back. */
const refundStep = ({ currency, capturedAmount }: Order): number => (capturedAmount === 0 ? 1 : chargeStep(currency))

/** The items with their amounts lowered by so much together, the last ones first. */
function lowered(items: readonly RefundedItem[], by: number): RefundedItem[] {
  let left = by
  return items
    .toReversed()
    .map((item) => {
      const less = Math.min(left, item.amount)
      left -= less
      return { ...item, amount: item.amount - less }
    })
    .toReversed()
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
