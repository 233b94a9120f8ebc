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

/** How long a claim is good: longer than a batch takes. */
export const ERASURE_LEASE_SECONDS = 120
/** When it is looked up again whether something was left, or came since. */
export const ERASED_AGAIN_SECONDS = 3_600
/** Longer than any request takes that began before the account was erased, and so may still write something. */
const LATE_SECONDS = 86_400

/** Whether a request from before the erasure may still write something of the person. */
export const mayComeLate = ({ requestedAt }: Erasure, now: Date): boolean => now < addSeconds(requestedAt, LATE_SECONDS)

/** The handler of `customer.erased`: the sweep of the service erases what it has of the person. */
export async function requestErasure(
  { erasures, now }: { erasures: Pick<ErasureQueue, 'request'>; now: () => Date },
  { payload: { userId } }: DeliveredUsersEvent<'customer.erased'>,
): Promise<Result<'done' | 'skipped', never>> {
  if (!isId('user', userId)) return ok('skipped')
  await erasures.request(userId, now())
  return ok('done')
}
