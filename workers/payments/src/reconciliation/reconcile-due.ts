import { type CompareDeps, compareNextPage, PAGE_SIZE } from './internal/compare-next-page.ts'
import type { ComparedList } from './repository/progress.ts'

/** Compares the next page of one of Stripe's lists, if it is due. @returns how many objects were compared */
export async function reconcileDue(deps: CompareDeps, list: ComparedList): Promise<number> {
  const page = await compareNextPage(deps, list, { isForced: false, limit: PAGE_SIZE })
  return page?.compared ?? 0
}
