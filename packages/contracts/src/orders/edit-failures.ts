import type { ProblemTable } from '@shop/kernel/failures'
import type { EditRefusal, OrderStatus } from './states.ts'

/** The customer has not yet paid what an edit added. `amountDue` in major units. */
export type PaymentDue = { code: 'payment_due'; amountDue: number; currency: string }
export type OrderNotEditable = { code: 'order_not_editable'; reason: EditRefusal; orderStatus: OrderStatus }
/** Packed, shipped and refunded units cannot be removed: the line keeps at least `minimum` units. */
export type LineQuantityTooLow = { code: 'line_quantity_too_low'; lineId: string; requested: number; minimum: number }

/** Failures of editing an order, and of shipping one whose edit is not paid. */
export type OrderEditFailure = PaymentDue | OrderNotEditable | LineQuantityTooLow

export const ORDER_EDIT_PROBLEMS = {
  payment_due: { status: 409, title: 'The order ships once the amount due is paid' },
  order_not_editable: { status: 409, title: 'The order cannot be edited in this way' },
  line_quantity_too_low: { status: 409, title: 'Units that are packed, shipped or refunded cannot be removed' },
} as const satisfies ProblemTable<OrderEditFailure>
