import type { PaymentsDeps } from '../ports.ts'

/** A Worker has six connections at a time; more calls at once would wait for one with their time running. */
const AT_ONCE = 5

/**
 * Does the work for each item, a few at a time. One that fails stops no other: it is reported, and comes again with a
 * later sweep, since none of this work is done before it is written down.
 */
export async function forEach<T>(
  deps: Pick<PaymentsDeps, 'warn'>,
  task: string,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items]
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) {
      await work(item).catch((error: unknown) => deps.warn('sweep_item_failed', { task, error }))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}
