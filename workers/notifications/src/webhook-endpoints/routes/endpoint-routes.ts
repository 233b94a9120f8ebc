import type { NotificationsApp } from '../../deps.ts'
import { addCreateWebhookEndpoint } from './create-webhook-endpoint.ts'
import { addDeleteWebhookEndpoint } from './delete-webhook-endpoint.ts'
import { addGetWebhookEndpoint } from './get-webhook-endpoint.ts'
import { addListWebhookEndpoints } from './list-webhook-endpoints.ts'
import { addRotateWebhookSecret } from './rotate-webhook-secret.ts'
import { addUpdateWebhookEndpoint } from './update-webhook-endpoint.ts'

export function addEndpointRoutes(app: NotificationsApp): void {
  addListWebhookEndpoints(app)
  addCreateWebhookEndpoint(app)
  addGetWebhookEndpoint(app)
  addUpdateWebhookEndpoint(app)
  addDeleteWebhookEndpoint(app)
  addRotateWebhookSecret(app)
}
