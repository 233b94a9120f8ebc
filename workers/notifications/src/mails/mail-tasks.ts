import { MORE, type SweepTask, type SweptBatch } from '@shop/contracts/service'
import type { NotificationsDeps } from '../deps.ts'
import { EVENT_SOURCES, type EventSourceName } from './domain/mail.ts'
import { type MailEventsDeps, mailEvents } from './mail-events.ts'

type SendDeps = MailEventsDeps & Pick<NotificationsDeps, 'sources'>

/** An alarm begins no further batch after 20 s, and a provider may take 10 s for a mail. */
const BATCH = 20

/**
 * Sends the mails of a batch of a service's events, and confirms those that are done. Events are pulled, since bindings are
 * acyclic; what is not confirmed is returned again.
 */
async function sendMailsOf(deps: SendDeps, name: EventSourceName): Promise<SweptBatch> {
  const source = deps.sources[name]
  const pulled = await source.pullEvents({ consumer: 'notifications', limit: BATCH })
  if (!pulled.ok || pulled.value.length === 0) return { done: 0 }
  const receipts = await mailEvents(deps, name, pulled.value)
  await source.confirmEvents({ consumer: 'notifications', receipts })
  const done = receipts.filter(({ outcome }) => outcome !== 'failed').length
  return done === 0 ? { done } : { done, next: MORE }
}

/** Sends the mails of each service's events: those that people wait for first. */
export const mailTasks = (deps: SendDeps): SweepTask[] =>
  EVENT_SOURCES.map((source) => ({ name: `mails_of_${source}`, work: () => sendMailsOf(deps, source) }))
