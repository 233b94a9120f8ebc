import { type Payment, type PaymentView, toMajor } from '@shop/contracts'

export function toPaymentView(payment: Payment): PaymentView {
  return {
    id: payment.id,
    order_id: payment.orderId,
    amount: toMajor(payment.amount, payment.currency),
    currency: payment.currency,
    status: payment.state,
    client_secret: payment.clientSecret,
    created_at: payment.createdAt.toISOString(),
  }
}
