import { decodeCursor, type InvalidCursor, ok, type Position, type Result } from '@shop/contracts'

/** Where a movement stands in the ledger of its product, the newest first. */
export function ledgerPosition(productId: number, { entry }: { entry: number }): Position {
  return { sortKey: String(productId), id: String(entry) }
}

/** @returns the entry the page before ended with; the cursor of another product is none of this ledger's */
export function readLedgerCursor(productId: number, cursor: string): Result<number, InvalidCursor> {
  const position = decodeCursor(
    cursor,
    ({ sortKey, id }) => sortKey === String(productId) && /^[1-9][0-9]{0,15}$/.test(id) && Number.isSafeInteger(+id),
  )
  return position.ok ? ok(Number(position.value.id)) : position
}
