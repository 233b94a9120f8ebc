import type { Limit, LimitFigure } from '@shop/contracts'

/** A counter by a key that says nothing of whom it is for. */
export type HashedCounter = { limit: Limit; key: string }

/** Somewhere that counts. */
export type CounterStore = {
  /**
   * Counts one on each that allows it.
   *
   * @throws when it cannot say whether it has
   */
  take(counters: HashedCounter[]): Promise<LimitFigure[]>
  giveBack(counters: HashedCounter[]): Promise<void>
}
