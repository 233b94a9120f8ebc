import type { LedgerEntry, LedgerEntryView, Payment, PaymentView, Refund, RefundView } from '@shop/contracts'
import { toMajor } from '@shop/kernel'

export function toPaymentView(payment: Payment): PaymentView {
  return {
    id: payment.id,
    order_id: payment.orderId,
    amount: toMajor(payment.amount, payment.currency),
    currency: payment.currency,
    status: payment.state,
    capture_method: payment.captureMethod,
    captured_amount: toMajor(payment.capturedAmount, payment.currency),
    refunded_amount: toMajor(payment.refundedAmount, payment.currency),
    client_secret: payment.clientSecret,
    created_at: payment.createdAt.toISOString(),
  }
}

export function toRefundView(refund: Refund): RefundView {
  return {
    id: refund.id,
    payment_id: refund.paymentId,
    amount: toMajor(refund.amount, refund.currency),
    currency: refund.currency,
    status: refund.state,
    reason: refund.reason,
    created_at: refund.createdAt.toISOString(),
  }
}

export function toLedgerEntryView(entry: LedgerEntry): LedgerEntryView {
  return {
    id: entry.id,
    at: entry.at.toISOString(),
    debit: entry.debit,
    credit: entry.credit,
    amount: toMajor(entry.amount, entry.currency),
    currency: entry.currency,
    payment_id: entry.paymentId,
    refund_id: entry.refundId,
    dispute_id: entry.disputeId,
    key: entry.key,
  }
}
