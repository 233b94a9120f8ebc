import { decodeCursor, type InvalidCursor, isInstantText, type Position } from '@shop/kernel/pagination'
import { fail, ok, type Result } from '@shop/kernel/result'
import { isStorable } from '@shop/kernel/text'
import type { ProductFilters } from './filters.ts'
import { textKind } from './text-kind.ts'

export const SORTS = ['relevance', 'newest', 'price', '-price', 'name', 'best_selling'] as const
export type Sort = (typeof SORTS)[number]
/** `by_hand`: a manual collection in its own order; one with a rule, newest first. */
export type ListOrder = Sort | 'by_hand'

/**
 * The position of a product in a list: what it is sorted by, and its id.
 *
 * `key` is an instant, an amount in minor units, a rank, a number of units, a name as it is searched, or a place in a collection. `at` is when
 * the first page was read, in a list sorted by price: the next pages go on by the prices of then.
 */
export type ListPosition = { key: string; id: number; at?: string | undefined }

/** Without words, no product is more relevant than another. */
export function orderOf(sort: Sort | undefined, { search, collection }: ProductFilters): ListOrder {
  if (sort === undefined) return collection === undefined ? 'newest' : 'by_hand'
  const hasWords = search !== undefined && textKind(search) === 'words'
  return sort === 'relevance' && !hasWords ? 'newest' : sort
}

const isId = (id: string) => /^[1-9][0-9]{0,15}$/.test(id) && Number.isSafeInteger(Number(id))
const isCount = (key: string) => /^(?:0|[1-9][0-9]{0,14})$/.test(key)

const IS_KEY: Record<ListOrder, (key: string) => boolean> = {
  newest: isInstantText,
  price: isCount,
  '-price': isCount,
  relevance: isCount,
  best_selling: isCount,
  name: isStorable,
  by_hand: (key) => isCount(key) || isInstantText(key),
}

/** The list of the newest products was first, so its cursors have no name. */
export function toPosition(order: ListOrder, { key, id, at }: ListPosition): Position {
  const parts = order === 'newest' ? [key] : at === undefined ? [order, key] : [order, at, key]
  return { sortKey: parts.join('|'), id: String(id) }
}

/** Refuses a cursor of another order. */
export function readPosition(order: ListOrder, cursor: string): Result<ListPosition, InvalidCursor> {
  const decoded = decodeCursor(cursor, ({ id }) => isId(id))
  if (!decoded.ok) return decoded
  const position = parse(order, decoded.value.sortKey)
  return position === undefined ? fail({ code: 'invalid_cursor' }) : ok({ ...position, id: Number(decoded.value.id) })
}

function parse(order: ListOrder, sortKey: string): Omit<ListPosition, 'id'> | undefined {
  if (order === 'newest') return isInstantText(sortKey) ? { key: sortKey } : undefined
  const [named, ...parts] = sortKey.split('|')
  const isByPrice = order === 'price' || order === '-price'
  const [at, key] = isByPrice ? parts : [undefined, ...parts]
  if (named !== order || key === undefined || parts.length !== (isByPrice ? 2 : 1)) return undefined
  if (!IS_KEY[order](key) || (at !== undefined && !isInstantText(at))) return undefined
  return { key, ...(at === undefined ? {} : { at }) }
}
