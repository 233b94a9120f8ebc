import { cloudflareOutcome } from './domain/outcome.ts'
import type { MailProvider } from './provider.ts'

/** The part of the binding `send_email` that is used. */
export type EmailBinding = {
  send(mail: { from: string; to: string; subject: string; html: string; text: string }): Promise<{ messageId: string }>
}

/**
 * Mails by Cloudflare's `send_email`. It has no idempotency key: a crash between sending a mail and recording it sends that mail
 * twice.
 */
export const cloudflareProvider = (binding: EmailBinding, from: string): MailProvider => ({
  async send({ to, subject, html, text }) {
    try {
      const { messageId } = await binding.send({ from, to, subject, html, text })
      return { outcome: 'sent', providerId: messageId }
    } catch (error) {
      return cloudflareOutcome(error)
    }
  },
})
