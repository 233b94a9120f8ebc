import type { ShippedOrder } from '@shop/contracts'
import { ok, type Result } from '@shop/kernel'
import type { OrdersDeps } from '../ports.ts'

/** Hands out shipped orders whose authorized payment nobody has captured yet. */
export async function pullShipped(deps: OrdersDeps, limit: number): Promise<Result<ShippedOrder[], never>> {
  return ok(await deps.store.claimShipped({ limit, now: deps.now() }))
}
