import { createApp } from '@shop/http/app'
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
  app.get(READINESS_PATH, (c) => readinessResponse({ postgres: () => c.get('deps').templates.listStates() }))
  return app
}
