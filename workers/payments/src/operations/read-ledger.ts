import type { LedgerEntry } from '@shop/contracts'
import { type AccessFailure, type Caller, type InvalidCursor, isId, ok, type Result, requireStaff } from '@shop/kernel'
import type { PaymentsDeps } from '../ports.ts'
import { type Page, type PageRequest, startByNumber } from './page.ts'

/** The ledger, newest first, for staff; of one payment where it is named. */
export async function readLedger(
  deps: PaymentsDeps,
  caller: Caller,
  { paymentId, ...page }: PageRequest & { paymentId?: string | undefined },
): Promise<Result<Page<LedgerEntry>, AccessFailure | InvalidCursor>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const start = startByNumber(page)
  if (!start.ok) return start
  if (paymentId !== undefined && !isId('payment', paymentId)) return ok({ items: [], nextCursor: null })
  const { after, limit } = start.value
  return ok(await deps.store.readLedger({ paymentId: paymentId ?? null, before: after ?? null, limit }))
}
