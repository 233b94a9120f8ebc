import { DurableObject } from 'cloudflare:workers'
import { parseEnv } from '@shop/http/env'
import { StripeLimit } from '../env.ts'
import { type Bucket, grantPermit, type Permit, type Priority, paceWithin, pausePermits } from './domain/permits.ts'

/**
 * Counts the calls that all isolates together make to one endpoint of Stripe. The count is in memory only: a new object
 * starts with a full burst, and Stripe's own limit is the backstop.
 */
export class StripeBudget extends DurableObject<PaymentsEnv> {
  readonly #pace = paceWithin(parseEnv(StripeLimit, this.env).STRIPE_REQUESTS_PER_SECOND)
  #bucket: Bucket | undefined

  /** No await between reading and writing the bucket, so no two callers get the same permit. */
  grant(request: { priority: Priority; withinMs: number }): Permit {
    const { bucket, permit } = grantPermit(this.#bucket, this.#pace, { ...request, now: Date.now() })
    this.#bucket = bucket
    return permit
  }

  /** Grants no permit for a while, because Stripe has answered 429. */
  pause(ms: number): void {
    this.#bucket = pausePermits(this.#bucket, this.#pace, { ms, now: Date.now() })
  }
}
