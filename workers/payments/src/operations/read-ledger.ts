import {
  type AccessFailure,
  type Caller,
  DEFAULT_LIMIT,
  decodeCursor,
  type InvalidCursor,
  isId,
  isInstantText,
  type LedgerEntry,
  ok,
  type Result,
  requireStaff,
} from '@shop/contracts'
import type { PaymentsDeps } from '../ports.ts'

export type ReadLedger = { paymentId?: string | undefined; limit?: number | undefined; cursor?: string | undefined }
export type LedgerPage = { items: LedgerEntry[]; nextCursor: string | null }

/** The ledger, newest first, for staff; of one payment where it is named. */
export async function readLedger(
  deps: PaymentsDeps,
  caller: Caller,
  { paymentId, limit = DEFAULT_LIMIT, cursor }: ReadLedger,
): Promise<Result<LedgerPage, AccessFailure | InvalidCursor>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const position = cursor === undefined ? undefined : decodeCursor(cursor, isPosition)
  if (position !== undefined && !position.ok) return position
  const before = position === undefined ? null : Number(position.value.id)
  if (paymentId !== undefined && !isId('payment', paymentId)) return ok({ items: [], nextCursor: null })
  return ok(await deps.store.readLedger({ paymentId: paymentId ?? null, before, limit }))
}

const isPosition = ({ sortKey, id }: { sortKey: string; id: string }) =>
  isInstantText(sortKey) && /^[1-9][0-9]{0,14}$/.test(id)
