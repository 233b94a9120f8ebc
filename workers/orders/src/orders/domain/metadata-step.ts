import { isSameMetadata, type MetadataChanges, type MetadataTooLarge, patchMetadata } from '@shop/kernel/metadata'
import { ok, type Result } from '@shop/kernel/result'
import type { Order } from './order.ts'
import { type Step, step, UNCHANGED } from './steps.ts'

/** Decides a change of the metadata. Its event has no details, since the history is shown to the buyer too. */
export function changeMetadata(order: Order, changes: MetadataChanges): Result<Step, MetadataTooLarge> {
  const patched = patchMetadata(order.metadata, changes)
  if (!patched.ok) return patched
  return ok(isSameMetadata(order.metadata, patched.value) ? UNCHANGED : step('updated', { metadata: patched.value }))
}
