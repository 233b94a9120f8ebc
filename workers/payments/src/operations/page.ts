import {
  DEFAULT_LIMIT,
  decodeCursor,
  fail,
  type InvalidCursor,
  isInstantText,
  isStorable,
  ok,
  type Position,
  type Result,
} from '@shop/kernel'

/** What a client asks of a list. */
export type PageRequest = { limit?: number | undefined; cursor?: string | undefined }

export type Page<T> = { items: T[]; nextCursor: string | null }

type Start<Key> = { after: Key | undefined; limit: number }

/** Where a page of a list begins that is sorted by an instant, then an id. */
export function startByInstant(request: PageRequest): Result<Start<{ at: string; id: string }>, InvalidCursor> {
  const limit = request.limit ?? DEFAULT_LIMIT
  if (request.cursor === undefined) return ok({ after: undefined, limit })
  const position = decodeCursor(request.cursor, ({ sortKey, id }) => isInstantText(sortKey) && isStorable(id))
  return position.ok ? ok({ after: { at: position.value.sortKey, id: position.value.id }, limit }) : position
}

/** The same for a list that is sorted by the numbers of its rows, whose cursors name an instant besides. */
export function startByNumber(request: PageRequest): Result<Start<number>, InvalidCursor> {
  const limit = request.limit ?? DEFAULT_LIMIT
  if (request.cursor === undefined) return ok({ after: undefined, limit })
  const position = decodeCursor(request.cursor, isNumbered)
  if (!position.ok) return position
  const after = Number(position.value.id)
  return Number.isSafeInteger(after) ? ok({ after, limit }) : fail({ code: 'invalid_cursor' })
}

const isNumbered = ({ sortKey, id }: Position) => isInstantText(sortKey) && /^[1-9][0-9]{0,15}$/.test(id)
