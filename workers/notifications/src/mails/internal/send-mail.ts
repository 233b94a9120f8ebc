import type { NotificationsDeps } from '../../deps.ts'
import type { PublishedTemplates } from '../../templates/domain/template.ts'
import { renderMail } from '../../templates/render-mail.ts'
import type { Addressed } from '../domain/letters.ts'
import { keyOf, type NewMail, type Settlement } from '../domain/mail.ts'

export type SendDeps = Pick<NotificationsDeps, 'mails' | 'provider' | 'now' | 'warn'>

/** One address, and nothing that a mail program would read as more. */
const ONE_ADDRESS = /^[^\s<>,;:"()[\]\\\p{Cc}]+@[^\s<>,;:"()[\]\\@\p{Cc}]+$/u

/** Writes and sends a mail that is claimed, and records what came of it. */
export async function sendMail(
  deps: SendDeps,
  { mail, addressed, published }: { mail: NewMail; addressed: Addressed; published: PublishedTemplates },
): Promise<Settlement> {
  const settled = await attempt(deps, mail, addressed, published)
  if (settled.status !== 'sent') {
    const { source, eventId, template } = mail
    deps.warn('mail_not_sent', { mailId: mail.id, source, eventId, template, ...settled })
  }
  try {
    await deps.mails.settle(mail.id, settled, deps.now())
    return settled
  } catch (error) {
    // It is sent again with the same key, which the provider answers as the first time.
    deps.warn('mail_not_settled', { mailId: mail.id, error })
    return { status: 'retry', failure: 'service_unavailable' }
  }
}

async function attempt(
  deps: SendDeps,
  mail: NewMail,
  { to, data }: Addressed,
  published: PublishedTemplates,
): Promise<Settlement> {
  if (!ONE_ADDRESS.test(to)) return { status: 'failed', failure: 'invalid_address' }
  const rendered = await renderMail(deps, { template: mail.template, data, published })
  const outcome = await deps.provider?.send({ ...rendered, to, key: keyOf(mail) })
  if (outcome === undefined) return { status: 'failed', failure: 'no_provider' }
  if (outcome.outcome === 'sent') return { status: 'sent', providerId: outcome.providerId }
  if (outcome.outcome === 'refused') return { status: 'failed', failure: outcome.reason }
  deps.warn('mail_provider_unavailable', { mailId: mail.id, reason: outcome.reason })
  return { status: 'retry', failure: 'service_unavailable' }
}
