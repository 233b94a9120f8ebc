import { type DependencyFetch, dependencyFetch } from '@shop/http/dependency-fetch'
import type { OutgoingMail } from '../mails/domain/mail.ts'
import { resendOutcome, type SendOutcome } from './domain/outcome.ts'
import type { MailProvider } from './provider.ts'

const TIMEOUT_MS = 10_000
/** Resend refuses requests without one. */
const USER_AGENT = 'edge-commerce'

type ResendOptions = { baseUrl: string; apiKey: string; from: string }

/**
 * Mails by Resend. The idempotency key is the same each time a mail is sent again, so that it arrives once, within the 24 hours for
 * which Resend keeps keys.
 *
 * Source: https://resend.com/docs/api-reference/emails/send-email
 */
export function resendProvider(
  { baseUrl, apiKey, from }: ResendOptions,
  ask: DependencyFetch = dependencyFetch('mail', { timeoutMs: TIMEOUT_MS }),
): MailProvider {
  return {
    async send({ to, subject, html, text, key }: OutgoingMail): Promise<SendOutcome> {
      try {
        const response = await ask(`${baseUrl}/emails`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${apiKey}`,
            'content-type': 'application/json',
            'idempotency-key': key,
            'user-agent': USER_AGENT,
          },
          body: JSON.stringify({ from, to: [to], subject, html, text }),
        })
        return resendOutcome(response.status, await response.json().catch(() => undefined))
      } catch {
        // No answer, or too late: whether it was taken is unknown, and the key makes sending it again safe.
        return { outcome: 'unavailable', reason: 'no_answer' }
      }
    },
  }
}
