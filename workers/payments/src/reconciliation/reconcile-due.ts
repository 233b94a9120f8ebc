import { COMPARED_LISTS, type CompareDeps, compareNextPage, PAGE_SIZE } from './internal/compare-next-page.ts'

/** Compares the next page of each of Stripe's lists where it is due. @returns how many objects were compared */
export async function reconcileDue(deps: CompareDeps): Promise<number> {
  let compared = 0
  for (const list of COMPARED_LISTS) {
    const page = await compareNextPage(deps, list, { isForced: false, limit: PAGE_SIZE })
    compared += page?.compared ?? 0
  }
  return compared
}
