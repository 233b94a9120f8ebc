import { type Core, newWork } from './core.ts'
import { runDue } from './due.ts'
import type { Work } from './endpoint.ts'

/** Does what at Stripe a bank, a customer or time would do: one transaction, and its webhooks. */
export function byHand<T>(core: Core, origin: string, act: (work: Work) => T): T {
  const now = Math.floor(core.now().getTime() / 1000)
  const work = newWork(core, { requestId: null, idempotencyKey: null }, origin, now)
  const done = core.store.transaction(() => act(work))
  core.webhooks.kick()
  return done
}

export function advanceClock(core: Core, ms: number): void {
  core.clock.advance(ms)
  core.idempotency.forgetExpired(Math.floor(core.now().getTime() / 1000))
  runDue(core)
}
