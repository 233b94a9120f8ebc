import { decodeCursor, type InvalidCursor, type Position } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'

/**
 * The cursor of a list ordered by a number.
 *
 * @param list name of the list; a cursor of another list is refused
 */
export function idCursor(list: string) {
  return {
    at: (id: number): Position => ({ sortKey: list, id: String(id) }),
    /** @returns the number of the last row of the previous page */
    read: (cursor: string): Result<number, InvalidCursor> => {
      const position = decodeCursor(
        cursor,
        ({ sortKey, id }) => sortKey === list && /^[1-9][0-9]{0,15}$/.test(id) && Number.isSafeInteger(Number(id)),
      )
      return position.ok ? ok(Number(position.value.id)) : position
    },
  }
}
