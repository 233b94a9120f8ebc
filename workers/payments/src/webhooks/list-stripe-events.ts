import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { PaymentsDeps } from '../deps.ts'
import { type Page, type PageRequest, pageByInstant } from '../lists/page-start.ts'
import type { FlaggedEvent } from './domain/webhook-event.ts'

/** Flagged events, newest first, for staff. */
export async function listStripeEvents(
  deps: Pick<PaymentsDeps, 'webhookEvents'>,
  caller: Caller,
  page: PageRequest,
): Promise<Result<Page<FlaggedEvent>, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'payments:read')
  if (!staff.ok) return staff
  const start = pageByInstant(page)
  if (!start.ok) return start
  const { after, limit } = start.value
  const rows = await deps.webhookEvents.listFlagged({ after, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ receivedAt, id }) => ({ sortKey: receivedAt.toISOString(), id })))
}
