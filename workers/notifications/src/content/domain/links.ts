import type { MailTemplate } from '@shop/contracts/notifications/states'

/** Where the links of mails lead: the beginning of each, and paths in which `{id}` or `{token}` is filled in. */
export type LinkSettings = {
  storefrontUrl: string
  adminUrl: string
  order: string
  verifyEmail: string
  resetPassword: string
  confirmEmail: string
  invitation: string
}

const filled = (base: string, path: string, name: string, value: string) =>
  `${base.replace(/\/$/, '')}${path.replaceAll(`{${name}}`, encodeURIComponent(value))}`

/** The page of an order. It has no secret: a guest opens it with the token that they got with the order. */
export const orderLink = ({ storefrontUrl, order }: LinkSettings, orderId: string): string =>
  filled(storefrontUrl, order, 'id', orderId)

/**
 * The page of a guest's order with the token that opens it, for the mail that was asked for. In the fragment, which browsers
 * send to no server.
 */
export const orderAccessLink = (settings: LinkSettings, orderId: string, token: string): string =>
  `${orderLink(settings, orderId)}#order_token=${encodeURIComponent(token)}`

/** The link of a mail about an account, with its single-use token; null for a mail that only tells something. */
export function accountLink(settings: LinkSettings, template: MailTemplate, token: string | undefined): string | null {
  const { storefrontUrl, adminUrl } = settings
  if (token === undefined) return null
  const paths: Partial<Record<MailTemplate, [base: string, path: string]>> = {
    email_verification: [storefrontUrl, settings.verifyEmail],
    password_reset: [storefrontUrl, settings.resetPassword],
    email_change: [storefrontUrl, settings.confirmEmail],
    staff_invitation: [adminUrl, settings.invitation],
  }
  const found = paths[template]
  return found === undefined ? null : filled(found[0], found[1], 'token', token)
}

/** Whether the mail makes no sense without the token of its link. */
export const needsToken = (template: MailTemplate): boolean =>
  ['email_verification', 'password_reset', 'email_change', 'staff_invitation'].includes(template)
