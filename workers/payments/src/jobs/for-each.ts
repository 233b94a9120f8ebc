import pMap from 'p-map'
import type { PaymentsDeps } from '../deps.ts'

/** A Worker has six connections at a time; more calls at once would wait for one with their timeouts running. */
const CONCURRENCY = 5

/**
 * Does the work for each item, a few at a time. An item that fails does not stop the others: it is logged, and a later
 * sweep claims it again.
 */
export async function forEachItem<T>(
  deps: Pick<PaymentsDeps, 'warn'>,
  task: string,
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  await mapConcurrently(items, async (item) => {
    await work(item).catch((error: unknown) => deps.warn('sweep_item_failed', { task, error }))
  })
}

/** The results of the work for each item, a few at a time. */
export const mapConcurrently = <T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> => pMap(items, work, { concurrency: CONCURRENCY })
