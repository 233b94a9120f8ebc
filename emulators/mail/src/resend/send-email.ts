import { createHash, randomUUID } from 'node:crypto'
import type { Mail } from '../mail.ts'
import type { MailStore } from '../store.ts'
import { ResendError } from './errors.ts'
import { readEmail } from './read-email.ts'

const KEYS_KEPT_MS = 24 * 60 * 60 * 1_000

/**
 * `POST /emails`. For 24 hours a repeated idempotency key is answered as the first time, and nothing is sent; with another body
 * it is a conflict.
 *
 * Source: https://resend.com/docs/dashboard/emails/idempotency-keys
 *
 * @throws ResendError
 */
export function sendEmail(
  store: MailStore,
  { body, key, now }: { body: string; key: string | undefined; now: Date },
): Mail {
  if (key !== undefined && (key.length < 1 || key.length > 256)) {
    throw new ResendError(400, 'invalid_idempotency_key', 'Idempotency keys, if present, have 1 to 256 characters.')
  }
  const bodyHash = createHash('sha256').update(body).digest('hex')
  const known = key === undefined ? undefined : findByKey(store, key, now)
  if (known !== undefined) {
    if (known.idempotency?.bodyHash === bodyHash) return known
    throw new ResendError(409, 'invalid_idempotent_request', 'This idempotency key was used with another request body.')
  }
  const mail: Mail = {
    id: randomUUID(),
    sentAt: now.toISOString(),
    via: 'resend',
    ...readEmail(body),
    idempotency: key === undefined ? null : { key, bodyHash },
  }
  store.add(mail)
  return mail
}

function findByKey(store: MailStore, key: string, now: Date): Mail | undefined {
  const since = new Date(now.getTime() - KEYS_KEPT_MS).toISOString()
  return store.list().findLast((mail) => mail.idempotency?.key === key && mail.sentAt > since)
}
