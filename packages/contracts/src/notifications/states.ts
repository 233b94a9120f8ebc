/** Every mail of the shop; templates are named so. */
export const MAIL_TEMPLATES = [
  'order_confirmed',
  'payment_failed',
  'order_shipped',
  'order_cancelled',
  'order_refunded',
  'order_access',
  'email_verification',
  'password_reset',
  'email_change',
  'email_changed',
  'password_changed',
  'factor_added',
  'factor_removed',
  'staff_invitation',
  'low_stock',
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
