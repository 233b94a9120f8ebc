import type { NotificationsApp } from '../../deps.ts'
import { addGetWebhookDelivery } from './get-webhook-delivery.ts'
import { addListWebhookDeliveries } from './list-webhook-deliveries.ts'
import { addResendWebhookDeliveries } from './resend-webhook-deliveries.ts'
import { addResendWebhookDelivery } from './resend-webhook-delivery.ts'
import { addTestWebhookEndpoint } from './test-webhook-endpoint.ts'

export function addDeliveryRoutes(app: NotificationsApp): void {
  addListWebhookDeliveries(app)
  addGetWebhookDelivery(app)
  addTestWebhookEndpoint(app)
  addResendWebhookDelivery(app)
  addResendWebhookDeliveries(app)
}
