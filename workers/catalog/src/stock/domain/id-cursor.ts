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

/** The place of a variant in a list by product. */
export type VariantPosition = { productId: number; variantId: number }

const PAIR = /^([1-9][0-9]{0,15})\.([1-9][0-9]{0,15})$/

/**
 * The cursor of a list ordered by product and variant.
 *
 * @param list name of the list; a cursor of another list is refused
 */
export function variantCursor(list: string) {
  return {
    at: ({ productId, variantId }: VariantPosition): Position => ({ sortKey: list, id: `${productId}.${variantId}` }),
    /** @returns the last row of the previous page */
    read: (cursor: string): Result<VariantPosition, InvalidCursor> => {
      const position = decodeCursor(cursor, ({ sortKey, id }) => sortKey === list && numbersIn(id) !== undefined)
      if (!position.ok) return position
      const [productId = 0, variantId = 0] = numbersIn(position.value.id) ?? []
      return ok({ productId, variantId })
    },
  }
}

function numbersIn(id: string): number[] | undefined {
  const numbers = PAIR.exec(id)?.slice(1).map(Number)
  return numbers?.every(Number.isSafeInteger) ? numbers : undefined
}
