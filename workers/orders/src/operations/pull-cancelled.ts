import type { CancelledOrder } from '@shop/contracts'
import { ok, type Result } from '@shop/kernel'
import type { OrdersDeps } from '../ports.ts'

/** Hands out cancellations nobody has confirmed yet. */
export async function pullCancelled(deps: OrdersDeps, limit: number): Promise<Result<CancelledOrder[], never>> {
  return ok(await deps.store.claimCancelled({ limit, now: deps.now() }))
}
