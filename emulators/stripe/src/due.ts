import { type Core, newWork } from './core.ts'
import type { Work } from './endpoint.ts'
import { expireAuthorization } from './payment-intents/cancel.ts'
import { settleRefund } from './refunds/settle.ts'
import type { LaterAction } from './schedule.ts'

const ACTIONS: Record<LaterAction, (work: Work, objectId: string) => unknown> = {
  expire_authorization: expireAuthorization,
  complete_refund: (work, id) => settleRefund(work, id, 'succeed'),
  fail_refund: (work, id) => settleRefund(work, id, 'fail'),
}

/** Does what has become due, each thing in a transaction of its own. */
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
        // Tried again, it would fail again, and hold up everything else.
        core.schedule.remove(objectId)
      }
    }
    core.webhooks.kick()
  }
}
