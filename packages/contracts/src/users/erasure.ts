import { isId, type UserId } from '@shop/kernel/ids'
import { ok, type Result } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import type { DeliveredUsersEvent } from './delivered-events.ts'

/** An account that was erased, of which a service may have something left. */
export type Erasure = { userId: UserId; requestedAt: Date }

/** The erasures that a service has not ended. Each call is one round trip, and may run twice. */
export interface ErasureQueue {
  /** Writes down that an account was erased; the first time counts. */
  request(userId: UserId, now: Date): Promise<void>
  /** Claims erasures that are due, each for one caller until `leaseUntil`. */
  claimDue(request: { now: Date; leaseUntil: Date; limit: number }): Promise<Erasure[]>
  postpone(userId: UserId, nextAt: Date): Promise<void>
  end(userId: UserId, now: Date): Promise<void>
}

type QueueDeps = { erasures: ErasureQueue; now: () => Date }

/** How long a claim is good: longer than a batch takes. */
const LEASE_SECONDS = 120
/** How soon a service erases again what it could not erase, or what was written since. */
export const ERASE_AGAIN_SECONDS = 3_600
/** Longer than any request takes that began before the account was erased, and so may still write something. */
const LATE_SECONDS = 86_400

/** The handler of `customer.erased`: the sweep of the service erases what it has of the person. */
export async function requestErasure(
  { erasures, now }: { erasures: Pick<ErasureQueue, 'request'>; now: () => Date },
  { payload: { userId } }: DeliveredUsersEvent<'customer.erased'>,
): Promise<Result<'done' | 'skipped', never>> {
  if (!isId('user', userId)) return ok('skipped')
  await erasures.request(userId, now())
  return ok('done')
}

/**
 * Erases what a service has of customers whose accounts are gone. An erasure ends when nothing is left and no request from before
 * it can still write something. Safe to run twice at once.
 *
 * @param erase erases what it can of one customer; returns when to try again, undefined when nothing is left
 * @returns how many erasures it claimed, at most `limit`
 */
export async function eraseDue(
  { erasures, now }: QueueDeps,
  limit: number,
  erase: (userId: UserId) => Promise<Date | undefined>,
): Promise<number> {
  const claimedAt = now()
  const due = await erasures.claimDue({ now: claimedAt, leaseUntil: addSeconds(claimedAt, LEASE_SECONDS), limit })
  for (const { userId, requestedAt } of due) {
    const againAt = await erase(userId)
    const erasedAt = now()
    const mayComeLate = erasedAt < addSeconds(requestedAt, LATE_SECONDS)
    const nextAt = againAt ?? (mayComeLate ? addSeconds(erasedAt, ERASE_AGAIN_SECONDS) : undefined)
    await (nextAt === undefined ? erasures.end(userId, erasedAt) : erasures.postpone(userId, nextAt))
  }
  return due.length
}
