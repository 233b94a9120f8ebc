import type { ShopEvent } from '@shop/contracts/events/catalogue'
import { isWellFormed, type Receipt } from '@shop/contracts/events/delivery'
import { PARALLEL_CALLS } from '@shop/kernel/parallel-calls'
import pMap from 'p-map'
import type { NotificationsDeps } from '../deps.ts'
import { type Addressed, addressedMails } from './domain/letters.ts'
import { type Claim, type EventSourceName, keyOf, type NewMail } from './domain/mail.ts'
import { type MailPlan, planMail } from './domain/plan-mail.ts'
import { type ReadDeps, readSubjects } from './internal/read-subjects.ts'
import { type SendDeps, sendMail } from './internal/send-mail.ts'

export type MailEventsDeps = ReadDeps &
  SendDeps &
  Pick<NotificationsDeps, 'mails' | 'templates' | 'provider' | 'hashAddress' | 'newMailId' | 'now' | 'shop' | 'links'>

type Planned = { event: ShopEvent; plan: MailPlan }
type ToSend = { event: ShopEvent; mail: NewMail; addressed: Addressed }

/**
 * Sends the mails of events, each mail once, however often its event is delivered.
 *
 * @returns a receipt for each event: `done` when all its mails have ended, `skipped` when it has none
 */
export async function mailEvents(
  deps: MailEventsDeps,
  source: EventSourceName,
  events: readonly ShopEvent[],
): Promise<Receipt[]> {
  // A shop without a provider sends nothing, now or later.
  if (deps.provider === undefined) return events.map(({ id }) => ({ eventId: id, outcome: 'skipped' }))
  const planned = events.flatMap((event): Planned[] => {
    const plan = isWellFormed(event) ? planMail(event) : undefined
    return plan === undefined ? [] : [{ event, plan }]
  })
  const read = await readSubjects(
    deps,
    planned.map(({ plan }) => plan.subject),
  )
  if (!read.ok) return events.map(({ id }) => failed(id, 'service_unavailable'))
  const toSend = await Promise.all(
    planned.flatMap(({ event, plan }) =>
      addressedMails(deps, plan, read.value).map(
        async (addressed): Promise<ToSend> => ({
          event,
          addressed,
          mail: {
            ...{ id: deps.newMailId(), source, eventId: event.id, occasion: plan.occasion, template: plan.template },
            ...{ recipient: addressed.recipient, addressHash: await deps.hashAddress(addressed.to) },
          },
        }),
      ),
    ),
  )
  const outcomes = await sendAll(deps, toSend)
  return events.map((event) =>
    receiptOf(
      event,
      outcomes.filter((one) => one.eventId === event.id),
    ),
  )
}

type Ended = { state: 'ended' } | { state: 'open'; failure: string }
type Outcome = Ended & { eventId: number }

async function sendAll(deps: MailEventsDeps, toSend: ToSend[]): Promise<Outcome[]> {
  if (toSend.length === 0) return []
  // Two events of a batch may have the same mail.
  const mails = [...new Map(toSend.map((one) => [keyOf(one.mail), one])).values()]
  const locales = [...new Set(mails.map(({ addressed }) => addressed.data.locale))]
  const [claims, published] = await Promise.all([
    deps.mails.claim(
      mails.map(({ mail }) => mail),
      deps.now(),
    ),
    deps.templates.listPublished(locales),
  ])
  const sent = await pMap(
    mails,
    async ({ mail, addressed }): Promise<[string, Ended]> => {
      const claim = claims.get(keyOf(mail)) ?? { state: 'busy' }
      return [keyOf(mail), await sendClaimed(deps, claim, { mail, addressed, published })]
    },
    { concurrency: PARALLEL_CALLS },
  )
  const ended = new Map(sent)
  return toSend.flatMap(({ event, mail }): Outcome[] => {
    const outcome = ended.get(keyOf(mail))
    return outcome === undefined ? [] : [{ ...outcome, eventId: event.id }]
  })
}

async function sendClaimed(
  deps: MailEventsDeps,
  claim: Claim,
  sending: Parameters<typeof sendMail>[1],
): Promise<Ended> {
  if (claim.state === 'busy') return { state: 'open', failure: 'not_yet' }
  if (claim.state !== 'claimed') return { state: 'ended' }
  const settled = await sendMail(deps, { ...sending, mail: { ...sending.mail, id: claim.id } })
  return settled.status === 'retry' ? { state: 'open', failure: settled.failure } : { state: 'ended' }
}

function receiptOf(event: ShopEvent, outcomes: Outcome[]): Receipt {
  if (!isWellFormed(event)) return failed(event.id, 'invalid_event')
  const open = outcomes.find((outcome) => outcome.state === 'open')
  if (open !== undefined) return failed(event.id, open.failure)
  return { eventId: event.id, outcome: outcomes.length === 0 ? 'skipped' : 'done' }
}

const failed = (eventId: number, failure: string): Receipt => ({ eventId, outcome: 'failed', failure })
