import { DEFAULT_LIMIT, decodeCursor, type InvalidCursor, isInstantText, type Position } from '@shop/kernel/pagination'
import { fail, ok, type Result } from '@shop/kernel/result'
import { isStorable } from '@shop/kernel/text'

/** The page that a client requests. */
export type PageRequest = { limit?: number | undefined; cursor?: string | undefined }

export type Page<T> = { items: T[]; nextCursor: string | null }

/** What a repository needs: the sort key of the row before the page, and the size of the page. */
type PageStart<Key> = { after: Key | undefined; limit: number }

/** The start of a page in a list that is sorted by an instant and an id. */
export function pageByInstant(request: PageRequest): Result<PageStart<{ at: string; id: string }>, InvalidCursor> {
  const limit = request.limit ?? DEFAULT_LIMIT
  if (request.cursor === undefined) return ok({ after: undefined, limit })
  const position = decodeCursor(request.cursor, ({ sortKey, id }) => isInstantText(sortKey) && isStorable(id))
  return position.ok ? ok({ after: { at: position.value.sortKey, id: position.value.id }, limit }) : position
}

/** The start of a page in a list that is sorted by numeric ids; its cursors also contain an instant. */
export function pageByNumber(request: PageRequest): Result<PageStart<number>, InvalidCursor> {
  const limit = request.limit ?? DEFAULT_LIMIT
  if (request.cursor === undefined) return ok({ after: undefined, limit })
  const position = decodeCursor(request.cursor, isNumbered)
  if (!position.ok) return position
  const after = Number(position.value.id)
  return Number.isSafeInteger(after) ? ok({ after, limit }) : fail({ code: 'invalid_cursor' })
}

const isNumbered = ({ sortKey, id }: Position) => isInstantText(sortKey) && /^[1-9][0-9]{0,15}$/.test(id)
