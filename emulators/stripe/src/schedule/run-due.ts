import type { Work } from '../api/endpoint.ts'
import { expireAuthorization } from '../payment-intents/cancel.ts'
import { settleRefund } from '../refunds/settle.ts'
import { type Core, newWork } from '../server/core.ts'
import type { ScheduledAction } from './schedule.ts'

const ACTIONS: Record<ScheduledAction, (work: Work, objectId: string) => unknown> = {
  expire_authorization: expireAuthorization,
  complete_refund: (work, id) => settleRefund(work, id, 'succeed'),
  fail_refund: (work, id) => settleRefund(work, id, 'fail'),
}

/** Runs the due actions, each in its own transaction. */
export function runDue(core: Core): void {
  const now = Math.floor(core.now().getTime() / 1000)
  while (core.schedule.isDue(now)) {
    for (const { objectId, action } of core.schedule.due(now)) {
      const work = newWork(core, { requestId: null, idempotencyKey: null }, '', now)
      try {
        core.store.transaction(() => {
          core.schedule.remove(objectId)
          ACTIONS[action](work, objectId)
        })
      } catch (error) {
        console.error(`Stripe emulator: could not ${action} ${objectId}:`, error)
        // A retry would fail again and block all other actions.
        core.schedule.remove(objectId)
      }
    }
    core.webhooks.wake()
  }
}
