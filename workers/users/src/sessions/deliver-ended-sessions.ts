import type { ShopEvent } from '@shop/contracts/events/catalogue'
import { deliverDue } from '@shop/contracts/events/deliver-due'
import { isWellFormed, type Receipt } from '@shop/contracts/events/delivery'
import type { SweptBatch } from '@shop/contracts/service'
import { log } from '@shop/http/log'
import { isId } from '@shop/kernel/ids'
import type { UsersDeps } from '../deps.ts'
import { tellEnded } from './tell-ended.ts'

/** Few: each user among them is one call of an object. */
const BATCH = { consumer: 'users_revocations', limit: 50 } as const

type DeliverDeps = Pick<UsersDeps, 'events' | 'now' | 'revocations'>

/** Tells the revocation objects of ended sessions whose own request may not have reached them. */
export function deliverEndedSessions(deps: DeliverDeps): Promise<SweptBatch> {
  const warn = (event: string, fields: Record<string, unknown>) => log('warn', event, fields)
  return deliverDue({ events: deps.events, now: deps.now, warn }, BATCH, (due) =>
    Promise.all(due.map((event) => deliver(deps, event))),
  )
}

async function deliver(deps: DeliverDeps, event: ShopEvent): Promise<Receipt> {
  const eventId = event.id
  if (event.type !== 'session.ended' || !isWellFormed(event)) {
    return { eventId, outcome: 'failed', failure: 'invalid_event' }
  }
  const { userId, sessionId } = event.payload
  if (!isId('user', userId) || !isId('session', sessionId)) return { eventId, outcome: 'skipped' }
  const told = await tellEnded(deps, [{ userId, sessionId }])
  return told.ok ? { eventId, outcome: 'done' } : { eventId, outcome: 'failed', failure: told.failure.code }
}
