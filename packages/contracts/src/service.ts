/** The methods that every worker offers the gateway beside its routes. */
export interface Sweepable {
  /**
   * Wakes the sweeper of the worker, which does the due work: expiries, undelivered events, work left by a crash. A sweep
   * that runs is not disturbed; another follows it.
   *
   * @returns the counts of that sweep if the caller waits for its end; otherwise none, at once
   */
  sweep(request?: SweepRequest): Promise<SweepReport>
}

export type SweepRequest = {
  /** When the sweep begins, in seconds from now; at once by default. */
  delaySeconds?: number
  /** Answers when a sweep that began after this call has ended. For tests and the local shop. */
  waits?: boolean
}

/** The counts of a sweep by kind of work, for the log. */
export type SweepReport = Record<string, number>

/** What one batch of a task did. */
export type SweptBatch = {
  /** How many items. */
  done: number
  /** Where the next batch begins; absent when nothing is due any more. */
  next?: string | undefined
}

/**
 * One kind of work of a sweep. A batch makes at most {@link CALLS_PER_BATCH} calls of other workers, and may run twice
 * at once.
 */
export type SweepTask = {
  name: string
  /** @param from where the batch before said that this one begins; undefined for the first one */
  work(from: string | undefined): Promise<SweptBatch>
}

/** Leaves room for several batches below the calls that one invocation may make. */
export const CALLS_PER_BATCH = 14

/** A batch after which more of the same is due: where it continues, nobody has to say. */
export const MORE = 'more'

/** The result of a batch that claimed what it did: a full one is followed by another. */
export const claimedBatch = (done: number, limit: number): SweptBatch =>
  done < limit ? { done } : { done, next: MORE }

/** The result of a task that does all it has in one batch, or leaves the rest to the next sweep. */
export const onlyBatch = (done: number): SweptBatch => ({ done })
