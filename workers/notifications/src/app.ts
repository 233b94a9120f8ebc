import { createApp } from '@shop/http/app'
import { backlogCheck } from '@shop/http/events/backlog-check'
import { addEventRoutes } from '@shop/http/events/event-routes'
import { READINESS_PATH, readinessResponse } from '@shop/http/readiness'
import { type NotificationsApp, type NotificationsDeps, notificationsDeps } from './deps.ts'
import { addCreateLiveTicket } from './live/routes/create-live-ticket.ts'
import { addOpenLiveEvents } from './live/routes/open-live-events.ts'
import { addOpenLiveSocket } from './live/routes/open-live-socket.ts'
import { addReceiveMailWebhook, MAIL_WEBHOOK_PATH } from './suppressions/routes/receive-mail-webhook.ts'
import { addGetEmailTemplate } from './templates/routes/get-email-template.ts'
import { addListEmailTemplates } from './templates/routes/list-email-templates.ts'
import { addPreviewEmailTemplate } from './templates/routes/preview-email-template.ts'
import { addPublishEmailTemplate } from './templates/routes/publish-email-template.ts'
import { addRevertEmailTemplate } from './templates/routes/revert-email-template.ts'
import { addSaveEmailTemplate } from './templates/routes/save-email-template.ts'
import { addDeliveryRoutes } from './webhook-deliveries/routes/delivery-routes.ts'
import { addEndpointRoutes } from './webhook-endpoints/routes/endpoint-routes.ts'

/** @param deps tests give their own */
export function notificationsApp(deps = notificationsDeps): NotificationsApp {
  const app = createApp<NotificationsEnv, NotificationsDeps>({
    deps,
    rawPaths: [MAIL_WEBHOOK_PATH, `${MAIL_WEBHOOK_PATH}/`],
  })
  addListEmailTemplates(app)
  addGetEmailTemplate(app)
  addSaveEmailTemplate(app)
  addRevertEmailTemplate(app)
  addPreviewEmailTemplate(app)
  addPublishEmailTemplate(app)
  addReceiveMailWebhook(app)
  addCreateLiveTicket(app)
  addOpenLiveSocket(app)
  addOpenLiveEvents(app)
  addEndpointRoutes(app)
  addDeliveryRoutes(app)
  addEventRoutes(app)
  app.get(READINESS_PATH, (c) => {
    const backlog = backlogCheck(c.get('deps'))
    return readinessResponse({ postgres: backlog.check }, {}, backlog.details)
  })
  return app
}
