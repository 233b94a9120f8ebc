import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { PaymentsDeps } from '../deps.ts'
import { type Page, type PageRequest, pageByNumber } from '../lists/page-start.ts'
import type { LedgerEntry } from './domain/ledger.ts'

/** The ledger, newest first, for staff; only the entries of one payment where it is given. */
export async function readLedger(
  deps: Pick<PaymentsDeps, 'ledger'>,
  caller: Caller,
  { paymentId, ...page }: PageRequest & { paymentId?: string | undefined },
): Promise<Result<Page<LedgerEntry>, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'payments:read')
  if (!staff.ok) return staff
  const start = pageByNumber(page)
  if (!start.ok) return start
  if (paymentId !== undefined && !isId('payment', paymentId)) return ok({ items: [], nextCursor: null })
  const { after, limit } = start.value
  const rows = await deps.ledger.list({ paymentId, after, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ at, id }) => ({ sortKey: at.toISOString(), id: String(id) })))
}
