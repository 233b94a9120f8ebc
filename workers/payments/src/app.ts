import { createApp, READINESS_PATH, readinessResponse } from '@shop/http'
import { paymentsDeps } from './deps.ts'
import { addCapturePayment } from './routes/capture-payment.ts'
import { addGetPayment } from './routes/get-payment.ts'
import { addGetPaymentsOfOrder } from './routes/get-payments-of-order.ts'
import { addListDiscrepancies } from './routes/list-discrepancies.ts'
import { addListDisputes } from './routes/list-disputes.ts'
import { addListRefunds } from './routes/list-refunds.ts'
import { addListSavedMethods } from './routes/list-saved-methods.ts'
import { addListStripeEvents } from './routes/list-stripe-events.ts'
import { type PaymentsApp, WEBHOOK_PATH } from './routes/payments-app.ts'
import { addReadLedger } from './routes/read-ledger.ts'
import { addReceiveStripeWebhook } from './routes/receive-stripe-webhook.ts'
import { addReconcilePayments } from './routes/reconcile-payments.ts'
import { addRefundPayment } from './routes/refund-payment.ts'
import { addRemoveSavedMethod } from './routes/remove-saved-method.ts'
import { addStartPayment } from './routes/start-payment.ts'

export function paymentsApp(): PaymentsApp {
  const app = createApp({ deps: paymentsDeps, rawPaths: [WEBHOOK_PATH, `${WEBHOOK_PATH}/`] })
  addStartPayment(app)
  addGetPaymentsOfOrder(app)
  // Before the payments by id, which it would be taken for.
  addReadLedger(app)
  addListStripeEvents(app)
  addListDisputes(app)
  addListDiscrepancies(app)
  addReconcilePayments(app)
  addListSavedMethods(app)
  addRemoveSavedMethod(app)
  addGetPayment(app)
  addCapturePayment(app)
  addRefundPayment(app)
  addListRefunds(app)
  addReceiveStripeWebhook(app)
  app.get(READINESS_PATH, (c) => readinessResponse({ postgres: c.get('deps').store.ping }))
  return app
}
