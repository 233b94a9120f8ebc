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
  const attempt = async (item: T) => {
    await work(item).catch((error: unknown) => deps.warn('sweep_item_failed', { task, error }))
  }
  await pMap(items, attempt, { concurrency: CONCURRENCY })
}
