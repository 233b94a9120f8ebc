import type { ShippedOrder } from '@shop/contracts'
import { ok, type Result } from '@shop/kernel'
import type { OrdersDeps } from '../ports.ts'

/** Ends the announcement of a shipped order: its payment was captured, or never can be. */
export async function confirmShipped(deps: OrdersDeps, event: ShippedOrder): Promise<Result<undefined, never>> {
  await deps.store.confirm(event.eventId, deps.now())
  return ok()
}
