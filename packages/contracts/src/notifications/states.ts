/** Every mail of the shop; templates are named so. */
export const MAIL_TEMPLATES = [
  'order_confirmed',
  'payment_failed',
  'order_shipped',
  'order_cancelled',
  'order_refunded',
  'order_access',
  'return_approved',
  'return_refused',
  'return_received',
  'gift_card',
  'email_verification',
  'password_reset',
  'email_change',
  'email_changed',
  'password_changed',
  'factor_added',
  'factor_removed',
  'staff_invitation',
  'low_stock',
  'webhook_endpoint_disabled',
] as const
export type MailTemplate = (typeof MAIL_TEMPLATES)[number]

/**
 * `queued`: being sent, or to be tried again. `suppressed`: its address gets no mail. `failed`: the provider refuses it for good.
 */
export const MAIL_STATUSES = ['queued', 'sent', 'suppressed', 'failed'] as const
export type MailStatus = (typeof MAIL_STATUSES)[number]

/** Why an address gets no mail: it does not exist, or its owner has reported a mail as spam. */
export const SUPPRESSION_REASONS = ['bounced', 'complained'] as const
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number]

/** `draft`: never sent. `published`: mails are written with it, one of each name and locale. `retired`: it was. */
export const TEMPLATE_STATUSES = ['draft', 'published', 'retired'] as const
export type TemplateStatus = (typeof TEMPLATE_STATUSES)[number]

/** A disabled endpoint gets nothing; what waits for it goes out once it is enabled again. */
export const WEBHOOK_ENDPOINT_STATUSES = ['enabled', 'disabled'] as const
export type WebhookEndpointStatus = (typeof WEBHOOK_ENDPOINT_STATUSES)[number]

/** Who disabled an endpoint: staff, or the shop, since every delivery had failed for three days. */
export const WEBHOOK_DISABLED_REASONS = ['by_staff', 'failing'] as const
export type WebhookDisabledReason = (typeof WEBHOOK_DISABLED_REASONS)[number]

/** `pending`: to be sent, or to be tried again. `delivered`: answered with 2xx. `failed`: given up after three days. */
export const WEBHOOK_DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const
export type WebhookDeliveryStatus = (typeof WEBHOOK_DELIVERY_STATUSES)[number]

/** Why a URL may not be an endpoint; docs/webhooks.md says what each means. */
export const WEBHOOK_URL_FAULTS = [
  'malformed',
  'not_https',
  'credentials',
  'port',
  'internal_name',
  'private_address',
  'unresolved',
  'not_loopback',
] as const
export type WebhookUrlFault = (typeof WEBHOOK_URL_FAULTS)[number]
