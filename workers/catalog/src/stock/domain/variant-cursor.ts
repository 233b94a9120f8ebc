import { decodeCursor, type InvalidCursor, type Position } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'

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
