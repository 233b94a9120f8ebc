import type { PaymentsExport } from '@shop/contracts/users/export'
import { toPaymentView } from '../../payments/routes/payment-view.ts'
import { toRefundView } from '../../refunds/routes/refund-view.ts'
import { toSavedMethodsView } from '../../saved-methods/routes/list-saved-methods.ts'
import type { KnownPayments } from '../export-customer.ts'

/** Payments as their customer sees them, but for the secret that pays them. */
export function toPaymentsExport(known: KnownPayments): PaymentsExport {
  const items = known.payments.map((payment) => ({ ...toPaymentView(payment), client_secret: null }))
  return {
    payments: { items, more: known.hasMorePayments },
    refunds: known.refunds.map(toRefundView),
    savedMethods: toSavedMethodsView(known.savedMethods).payment_methods,
  }
}
