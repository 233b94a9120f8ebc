import { DurableObject } from 'cloudflare:workers'
import { parseEnv } from '@shop/http'
import { type Bucket, type Priority, paceWithin, pauseTurns, type Turn, takeTurn } from '../domain/turns.ts'
import { StripeLimit } from '../env.ts'

/**
 * Counts the calls that all isolates together make to one endpoint of Stripe. It keeps nothing on disk: lost, it begins
 * with a full burst, and Stripe's own limit is the backstop.
 */
export class StripeBudget extends DurableObject<PaymentsEnv> {
  readonly #pace = paceWithin(parseEnv(StripeLimit, this.env).STRIPE_REQUESTS_PER_SECOND)
  #bucket: Bucket | undefined

  /** Nothing is awaited between reading and writing, so no two are given the same turn. */
  take(ask: { priority: Priority; withinMs: number }): Turn {
    const { bucket, turn } = takeTurn(this.#bucket, this.#pace, { ...ask, now: Date.now() })
    this.#bucket = bucket
    return turn
  }

  /** Gives no turn for a while: Stripe has said that there were too many. */
  pause(ms: number): void {
    this.#bucket = pauseTurns(this.#bucket, this.#pace, { ms, now: Date.now() })
  }
}
