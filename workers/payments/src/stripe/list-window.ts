import type Stripe from 'stripe'

/** A part of one of Stripe's lists: what was created from `from` until before `until`, newest first, after that id. */
export type ListWindow = { from: Date; until: Date; after: string | null; limit: number }

/** Objects of other shops and currencies are left out. `last` is the cursor of the next page; null on the last page. */
export type ListPage<T> = { found: T[]; last: string | null }

export function listParams({ from, until, after, limit }: ListWindow) {
  const created = { gte: seconds(from), lt: seconds(until) }
  return { created, limit, ...(after === null ? {} : { starting_after: after }) }
}

export function listPage<T extends { id: string }, R>(
  { data, has_more }: Stripe.ApiList<T>,
  read: (object: T) => R | undefined,
): ListPage<R> {
  return { found: data.flatMap((object) => read(object) ?? []), last: has_more ? (data.at(-1)?.id ?? null) : null }
}

export const seconds = (instant: Date) => Math.floor(instant.getTime() / 1_000)
