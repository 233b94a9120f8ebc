import type { FlaggedEvent } from '@shop/contracts'
import {
  type AccessFailure,
  type Caller,
  type InvalidCursor,
  ok,
  type Result,
  requireStaff,
  toPage,
} from '@shop/kernel'
import type { PaymentsDeps } from '../ports.ts'
import { type Page, type PageRequest, startByInstant } from './page.ts'

/** Events that contradict what the shop knows, for staff, newest first. */
export async function listStripeEvents(
  deps: PaymentsDeps,
  caller: Caller,
  page: PageRequest,
): Promise<Result<Page<FlaggedEvent>, AccessFailure | InvalidCursor>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const start = startByInstant(page)
  if (!start.ok) return start
  const { after, limit } = start.value
  const rows = await deps.records.flaggedEvents({
    after: after && { receivedAt: after.at, id: after.id },
    limit: limit + 1,
  })
  return ok(toPage(rows, limit, ({ receivedAt, id }) => ({ sortKey: receivedAt.toISOString(), id })))
}
