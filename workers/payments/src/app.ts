import { createApp, READINESS_PATH, readinessResponse } from '@shop/http'
import { paymentsDeps } from './deps.ts'
import { addGetPayment } from './routes/get-payment.ts'
import { addGetPaymentsOfOrder } from './routes/get-payments-of-order.ts'
import { type PaymentsApp, WEBHOOK_PATH } from './routes/payments-app.ts'
import { addReceiveStripeWebhook } from './routes/receive-stripe-webhook.ts'
import { addStartPayment } from './routes/start-payment.ts'

export function paymentsApp(): PaymentsApp {
  const app = createApp({ deps: paymentsDeps, rawPaths: [WEBHOOK_PATH, `${WEBHOOK_PATH}/`] })
  addStartPayment(app)
  addGetPaymentsOfOrder(app)
  addGetPayment(app)
  addReceiveStripeWebhook(app)
  app.get(READINESS_PATH, (c) => readinessResponse({ postgres: c.get('deps').store.ping }))
  return app
}
