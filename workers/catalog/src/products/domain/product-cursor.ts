import { decodeCursor, type InvalidCursor, isInstantText, type Position } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { Product } from './product.ts'

export type ProductPosition = Pick<Product, 'createdAt' | 'id'>

/** The position of a product in the list, newest first. */
export function positionOf({ createdAt, id }: ProductPosition): Position {
  return { sortKey: createdAt.toISOString(), id: String(id) }
}

export function readProductCursor(cursor: string): Result<ProductPosition, InvalidCursor> {
  const position = decodeCursor(
    cursor,
    ({ sortKey, id }) => isInstantText(sortKey) && /^[1-9][0-9]{0,15}$/.test(id) && Number.isSafeInteger(Number(id)),
  )
  return position.ok ? ok({ createdAt: new Date(position.value.sortKey), id: Number(position.value.id) }) : position
}
