/**
 * What a provider made of a mail. `refused`: this mail will never be taken, so it is given up. `unavailable`: anything that may
 * be mended without changing the mail, such as an outage, a limit, or a wrong key; it is sent again until it is taken.
 */
export type SendOutcome =
  | { outcome: 'sent'; providerId: string | undefined }
  | { outcome: 'refused'; reason: string }
  | { outcome: 'unavailable'; reason: string }

/** Errors that are about the settings of the shop, not about the mail, though their status is that of a bad request. */
const ABOUT_SETTINGS = ['invalid_idempotency_key', 'invalid_from_address', 'missing_api_key', 'invalid_api_key']
const REFUSED = [400, 413, 422, 451]

/**
 * An answer of Resend.
 *
 * A key that was used with another text is a mail that was taken: the answer to it was lost, and the template or the order
 * have changed since.
 *
 * Source: https://resend.com/docs/api-reference/errors
 */
export function resendOutcome(status: number, body: unknown): SendOutcome {
  const { id, name } = (typeof body === 'object' && body !== null ? body : {}) as { id?: unknown; name?: unknown }
  if (status >= 200 && status < 300) return { outcome: 'sent', providerId: typeof id === 'string' ? id : undefined }
  const reason = typeof name === 'string' && /^\w{1,60}$/.test(name) ? name : `status_${status}`
  if (status === 409 && reason === 'invalid_idempotent_request') return { outcome: 'sent', providerId: undefined }
  const isRefused = REFUSED.includes(status) && !ABOUT_SETTINGS.includes(reason)
  return { outcome: isRefused ? 'refused' : 'unavailable', reason }
}

/** Errors of Cloudflare that are about the mail or its recipient. All others are about the sender, limits, or outages. */
const REFUSED_BY_CLOUDFLARE = [
  'E_VALIDATION_ERROR',
  'E_FIELD_MISSING',
  'E_TOO_MANY_RECIPIENTS',
  'E_RECIPIENT_NOT_ALLOWED',
  'E_RECIPIENT_SUPPRESSED',
  'E_CONTENT_TOO_LARGE',
]

/**
 * An error of the binding `send_email`. Without a known code it may have been sent; it is sent again, since a mail that comes
 * twice does less harm than one that never comes.
 *
 * Source: https://developers.cloudflare.com/email-service/api/send-emails/workers-api/
 */
export function cloudflareOutcome(error: unknown): SendOutcome {
  const { code } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown }
  const reason = typeof code === 'string' && /^E_[A-Z_]{1,60}$/.test(code) ? code : 'unknown'
  return { outcome: REFUSED_BY_CLOUDFLARE.includes(reason) ? 'refused' : 'unavailable', reason: reason.toLowerCase() }
}
