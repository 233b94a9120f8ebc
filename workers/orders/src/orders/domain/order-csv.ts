import { type CsvCell, csvLine } from '@shop/kernel/csv'
import { toMajor } from '@shop/kernel/money'
import { amountDueOf } from './amount-due.ts'
import { type Order, structured } from './order.ts'

/** The columns of an export, and what each has of an order. Amounts in major units. */
const COLUMNS: [name: string, cell: (order: Order) => CsvCell][] = [
  ['number', ({ number }) => number],
  ['id', ({ id }) => id],
  ['created_at', ({ createdAt }) => createdAt.toISOString()],
  ['status', ({ status }) => status],
  ['payment_status', ({ paymentStatus }) => paymentStatus],
  ['fulfillment_status', ({ fulfillmentStatus }) => fulfillmentStatus],
  ['user_id', ({ userId }) => userId],
  ['email', ({ email }) => email],
  ['currency', ({ currency }) => currency],
  ['subtotal', (order) => toMajor(order.subtotal, order.currency)],
  ['discount_total', (order) => toMajor(order.discountTotal, order.currency)],
  ['shipping_total', (order) => toMajor(order.shippingTotal, order.currency)],
  ['tax_total', (order) => toMajor(order.taxTotal, order.currency)],
  ['total_amount', (order) => toMajor(order.total, order.currency)],
  ['captured_amount', (order) => toMajor(order.capturedAmount, order.currency)],
  ['refunded_amount', (order) => toMajor(order.refundedAmount, order.currency)],
  ['shipping', ({ shipping }) => shipping?.name ?? null],
  ['country', ({ shippingAddress }) => structured(shippingAddress)?.country ?? null],
  ['items', ({ lines }) => lines.map(({ quantity, sku, name }) => `${quantity} × ${sku ?? name}`).join('; ')],
  ['gift_card_amount', (order) => toMajor(order.giftCardAmount, order.currency)],
  ['amount_due', (order) => toMajor(amountDueOf(order), order.currency)],
]

export const CSV_HEADER = csvLine(COLUMNS.map(([name]) => name))

/** One order as a line of the export. */
export const toCsvLine = (order: Order): string => csvLine(COLUMNS.map(([, cell]) => cell(order)))
