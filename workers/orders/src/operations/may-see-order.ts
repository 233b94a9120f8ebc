import type { OrderAccess } from '@shop/contracts'
import { ok, type Result } from '@shop/kernel'
import type { OrdersDeps } from '../ports.ts'
import { getOrder } from './get-order.ts'

/** Whether the caller may see the order. An order that is not there is seen by nobody. */
export async function maySeeOrder(deps: OrdersDeps, access: OrderAccess): Promise<Result<boolean, never>> {
  return ok((await getOrder(deps, access)).ok)
}
