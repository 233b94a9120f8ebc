import { createHash } from 'node:crypto'
import type { Mail, MailEmulator } from '@shop/mail-emulator'

/** Where `wrangler dev` tells what its simulated `send_email` bindings were given. */
const EXPLORER = '/cdn-cgi/local/explorer/api/local/email/sending'
const EVERY_MS = 1_000
const TIMEOUT_MS = 5_000

type Captured = {
  messageId: string
  from: string
  to: string[]
  cc?: string[]
  bcc?: string[]
  replyTo?: string
  subject: string
  sentAt: string
  headers?: Record<string, string>
  html?: string
  text?: string
}

/**
 * Adds to the mail emulator what the workers send by Cloudflare's binding, once a second. Mails that were sent while nobody
 * looked come with the next time.
 *
 * @returns stops it
 */
export function followSendEmail(mail: MailEmulator, { gatewayUrl }: { gatewayUrl: string }): () => void {
  const timer = setInterval(() => {
    // The workers may be starting, or be replaced.
    addNewMails(mail, gatewayUrl).catch(() => undefined)
  }, EVERY_MS)
  return () => clearInterval(timer)
}

async function addNewMails(mail: MailEmulator, gatewayUrl: string): Promise<void> {
  const known = new Set(mail.mails().map(({ id }) => id))
  const captured = (await read(gatewayUrl, 'per_page=100')) as Captured[]
  const fresh = captured.filter(({ messageId }) => !known.has(idOf(messageId)))
  for (const { messageId } of fresh.toSorted((one, other) => one.sentAt.localeCompare(other.sentAt))) {
    const found = await read(gatewayUrl, `email_id=${encodeURIComponent(messageId.replace(/^<|>$/g, ''))}`)
    mail.add(toMail(found as Captured))
  }
}

async function read(gatewayUrl: string, query: string): Promise<unknown> {
  const response = await fetch(`${gatewayUrl}${EXPLORER}?${query}`, { signal: AbortSignal.timeout(TIMEOUT_MS) })
  const { result } = (await response.json()) as { result: unknown }
  return result
}

/** Of a mail here: it is part of a path. */
const idOf = (messageId: string): string => createHash('sha256').update(messageId).digest('hex').slice(0, 32)

const toMail = (found: Captured): Mail => ({
  ...{ id: idOf(found.messageId), sentAt: found.sentAt, via: 'send_email', from: found.from, to: found.to },
  ...{ cc: found.cc ?? [], bcc: found.bcc ?? [], replyTo: found.replyTo === undefined ? [] : [found.replyTo] },
  ...{ subject: found.subject, html: found.html ?? null, text: found.text ?? null, headers: found.headers ?? {} },
  idempotency: null,
})
