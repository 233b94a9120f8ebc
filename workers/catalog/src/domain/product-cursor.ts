import type { Product } from '@shop/contracts'
import { decodeCursor, type InvalidCursor, isInstantText, ok, type Position, type Result } from '@shop/kernel'

export type ProductPosition = { createdAt: Date; id: number }

/** Where a product stands in the list of the newest first. */
export function positionOf(product: Pick<Product, 'createdAt' | 'id'>): Position {
  return { sortKey: product.createdAt.toISOString(), id: String(product.id) }
}

export function readProductCursor(cursor: string): Result<ProductPosition, InvalidCursor> {
  const position = decodeCursor(
    cursor,
    ({ sortKey, id }) => isInstantText(sortKey) && /^[1-9][0-9]{0,15}$/.test(id) && Number.isSafeInteger(Number(id)),
  )
  return position.ok ? ok({ createdAt: new Date(position.value.sortKey), id: Number(position.value.id) }) : position
}
