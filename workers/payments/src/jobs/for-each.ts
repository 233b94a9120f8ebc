import { runJoined } from '@shop/http/join-calls'
import { PARALLEL_CALLS } from '@shop/kernel/parallel-calls'
import type { PaymentsDeps } from '../deps.ts'

export type JoinDeps = Pick<PaymentsDeps, 'orders' | 'joinOrders'>

/**
 * Does the work for each item, a few at a time. Their calls of orders are joined: together they make as many as one of
 * them. An item that fails does not stop the others: it is logged, and a later sweep claims it again.
 */
export async function forEachItem<D extends JoinDeps & Pick<PaymentsDeps, 'warn'>, T>(
  deps: D,
  task: string,
  items: readonly T[],
  work: (deps: D, item: T) => Promise<unknown>,
): Promise<void> {
  await mapJoined(deps, items, async (joined, item) => {
    await work(joined, item).catch((error: unknown) => deps.warn('sweep_item_failed', { task, error }))
  })
}

/** The results of the work for each item, a few at a time, with joined calls of orders. */
export function mapJoined<D extends JoinDeps, T, R>(
  deps: D,
  items: readonly T[],
  work: (deps: D, item: T) => Promise<R>,
): Promise<R[]> {
  return runJoined(items, PARALLEL_CALLS, (join) => {
    const joined = { ...deps, orders: deps.joinOrders(join) }
    return (item) => work(joined, item)
  })
}
