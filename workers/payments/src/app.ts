import { createApp } from '@shop/http/app'
import { backlogCheck } from '@shop/http/events/backlog-check'
import { addEventRoutes } from '@shop/http/events/event-routes'
import { READINESS_PATH, readinessResponse } from '@shop/http/readiness'
import { wakeAfterWrites } from '@shop/http/wake-after-writes'
import { type PaymentsApp, paymentsDeps } from './deps.ts'
import { addListDisputes } from './disputes/routes/list-disputes.ts'
import { skipDelivery } from './events/skip-delivery.ts'
import { addReadLedger } from './ledger/routes/read-ledger.ts'
import { addCapturePayment } from './payments/routes/capture-payment.ts'
import { addGetPayment } from './payments/routes/get-payment.ts'
import { addGetPaymentsOfOrder } from './payments/routes/get-payments-of-order.ts'
import { addStartPayment } from './payments/routes/start-payment.ts'
import { addListDiscrepancies } from './reconciliation/routes/list-discrepancies.ts'
import { addReconcilePayments } from './reconciliation/routes/reconcile-payments.ts'
import { addListRefunds } from './refunds/routes/list-refunds.ts'
import { addRefundPayment } from './refunds/routes/refund-payment.ts'
import { addListSavedMethods } from './saved-methods/routes/list-saved-methods.ts'
import { addRemoveSavedMethod } from './saved-methods/routes/remove-saved-method.ts'
import { addListStripeEvents } from './webhooks/routes/list-stripe-events.ts'
import { addReceiveStripeWebhook, WEBHOOK_PATH } from './webhooks/routes/receive-stripe-webhook.ts'

export function paymentsApp(): PaymentsApp {
  const app = createApp({ deps: paymentsDeps, rawPaths: [WEBHOOK_PATH, `${WEBHOOK_PATH}/`] })
  app.use(wakeAfterWrites)
  addStartPayment(app)
  addGetPaymentsOfOrder(app)
  // Before addGetPayment, whose path would match these too.
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
  addEventRoutes(app, skipDelivery)
  app.get(READINESS_PATH, (c) => {
    const backlog = backlogCheck(c.get('deps'))
    return readinessResponse({ postgres: backlog.check }, {}, backlog.details)
  })
  return app
}
