import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultHandle } from '@shop/emulator-kit/fault-list'
import type { FaultMatch } from '@shop/neon-emulator/faults'
import type { Reply } from '@shop/testing/client'
import type { Stage } from './use-platform.ts'

/**
 * How the request to a dependency fails. `cut_before` and `status_during`: before the work. `cut_after` and `status_after`: after
 * it, with the answer lost.
 */
export type FailureKind = 'cut_before' | 'cut_after' | 'status_during' | 'status_after'

/** Adds one fault for the n-th request to Postgres that the shop makes from now on. */
export const failPostgres = (
  { platform }: Stage,
  kind: 'cut_before' | 'cut_after',
  skip: number,
  match?: FaultMatch,
): FaultHandle => platform.database.faults.add({ kind, skip, ...(match && { match }) })

/** Adds one fault for the n-th request to Stripe that the shop makes from now on. */
export function failStripe({ platform }: Stage, kind: FailureKind, skip: number): FaultHandle {
  if (kind === 'cut_before' || kind === 'cut_after') return platform.stripe.faults.add({ kind, skip })
  const at = kind === 'status_during' ? 'during' : 'after'
  return platform.stripe.faults.add({ kind: 'status', status: 500, at, skip })
}

const TRIES = 40
const PAUSE_MS = 150

/**
 * Sends a request until its reply is good: again at once, and from then on with a sweep between tries.
 *
 * @throws Error with the last reply, after {@link TRIES}
 */
export async function untilDone(
  { platform }: Stage,
  request: () => Promise<Reply>,
  isDone: (reply: Reply) => boolean,
): Promise<Reply> {
  for (let attempt = 1; ; attempt += 1) {
    const reply = await request()
    if (isDone(reply)) return reply
    if (attempt === TRIES) throw new Error(`${reply.status} after ${TRIES} tries: ${JSON.stringify(reply.body)}`)
    await Promise.all([sleep(PAUSE_MS), attempt > 1 && platform.sweep()])
  }
}
