import { randomUUID } from 'node:crypto'
import type { Mail } from '../mail.ts'
import { signedHeaders } from './signature.ts'

/** Where events are sent to. `secret`: `whsec_` and a key in base64. */
export type WebhookTarget = { url: string; secret: string }

/** What became of a mail: a permanent or transient bounce, a complaint, or the delivery. */
export const REPORTS = ['bounce', 'transient_bounce', 'complaint', 'delivery'] as const
export type Report = (typeof REPORTS)[number]

const ANSWER_WITHIN_MS = 10_000

const TYPES: Record<Report, string> = {
  bounce: 'email.bounced',
  transient_bounce: 'email.bounced',
  complaint: 'email.complained',
  delivery: 'email.delivered',
}

/** The event of a report. Source: https://resend.com/docs/webhooks/emails/bounced */
function eventOf(mail: Mail, report: Report, now: Date) {
  const { id, from, to, subject, sentAt } = mail
  const data = { email_id: id, created_at: sentAt, from, to, subject, headers: [] }
  const bounce = {
    message: report === 'bounce' ? 'The recipient does not exist.' : 'The mailbox is full.',
    subType: report === 'bounce' ? 'General' : 'MailboxFull',
    type: report === 'bounce' ? 'Permanent' : 'Transient',
  }
  return {
    type: TYPES[report],
    created_at: now.toISOString(),
    data: report.endsWith('bounce') ? { ...data, bounce } : data,
  }
}

/**
 * Sends a signed event.
 *
 * @returns the status of the answer
 * @throws Error without an answer
 */
export async function sendReport(target: WebhookTarget, mail: Mail, report: Report, now: Date): Promise<number> {
  const body = JSON.stringify(eventOf(mail, report, now))
  const signed = { id: `msg_${randomUUID().replaceAll('-', '')}`, timestamp: Math.floor(now.getTime() / 1_000) }
  const response = await fetch(target.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signedHeaders(body, target.secret, signed) },
    body,
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  })
  await response.arrayBuffer()
  return response.status
}
