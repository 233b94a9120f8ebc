import type { OrderErased } from '@shop/contracts/orders/failures'
import { isSameMetadata, type MetadataChanges, type MetadataTooLarge, patchMetadata } from '@shop/kernel/metadata'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Order } from './order.ts'
import { type Step, step, UNCHANGED } from './steps.ts'

/**
 * Decides a change of the metadata, but of an erased order: free text could identify its customer again. Its event has no details, since the
 * history is shown to the buyer too.
 */
export function changeMetadata(order: Order, changes: MetadataChanges): Result<Step, MetadataTooLarge | OrderErased> {
  if (order.erasedAt !== null) return fail({ code: 'order_erased' })
  const patched = patchMetadata(order.metadata, changes)
  if (!patched.ok) return patched
  return ok(isSameMetadata(order.metadata, patched.value) ? UNCHANGED : step('updated', { metadata: patched.value }))
}
