import type { Limit } from '@shop/contracts/limit'
import type { LimitStatus } from '@shop/contracts/limits'

/** A counter whose key does not reveal its subject. */
export type HashedCounter = { limit: Limit; key: string }

/** Where attempts are counted. */
export type CounterStore = {
  /**
   * Counts one attempt on each counter that allows it.
   *
   * @throws when it is unknown whether it was counted
   */
  count(counters: HashedCounter[]): Promise<LimitStatus[]>
  uncount(counters: HashedCounter[]): Promise<void>
}
