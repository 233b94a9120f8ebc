import { runJoined } from '@shop/http/join-calls'
import type { OrdersDeps } from '../deps.ts'

/** Orders that are worked on at the same time. */
const CONCURRENCY = 4

/**
 * Does the work for each item, each about one order, several at a time. Their calls of the catalog are joined: together
 * they make as many as one of them.
 */
export function forEachJoined<D extends Pick<OrdersDeps, 'catalog' | 'joinCatalog'>, T, R>(
  deps: D,
  items: readonly T[],
  work: (deps: D, item: T) => Promise<R>,
): Promise<R[]> {
  return runJoined(items, CONCURRENCY, (join) => {
    const joined = { ...deps, catalog: deps.joinCatalog(join) }
    return (item) => work(joined, item)
  })
}
