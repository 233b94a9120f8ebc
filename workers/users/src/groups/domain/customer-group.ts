import type { CustomerGroupId } from '@shop/kernel/ids'
import {
  isSameMetadata,
  type Metadata,
  type MetadataChanges,
  type MetadataTooLarge,
  patchMetadata,
} from '@shop/kernel/metadata'
import { ok, type Result } from '@shop/kernel/result'

/** Of one shop, so that the groups of an account are few enough to show. Simultaneous requests may exceed it by a few. */
export const MAX_GROUPS = 1_000

/** Accounts that staff treat alike, such as wholesale. `version` counts its changes, those of its members included. */
export type CustomerGroup = {
  id: CustomerGroupId
  name: string
  metadata: Metadata
  createdAt: Date
  updatedAt: Date
  version: number
}

/** The fields that staff send to change a group; absent members stay as they are. */
export type CustomerGroupChanges = { name?: string | undefined; metadata?: MetadataChanges | undefined }

/** @returns undefined when nothing would change */
export function changeGroup(
  group: CustomerGroup,
  { name = group.name, metadata }: CustomerGroupChanges,
): Result<CustomerGroup | undefined, MetadataTooLarge> {
  const patched = metadata === undefined ? ok(group.metadata) : patchMetadata(group.metadata, metadata)
  if (!patched.ok) return patched
  if (name === group.name && isSameMetadata(group.metadata, patched.value)) return ok(undefined)
  return ok({ ...group, name, metadata: patched.value, version: group.version + 1 })
}
