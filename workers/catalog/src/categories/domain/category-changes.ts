import { type MetadataChanges, type MetadataTooLarge, patchMetadata } from '@shop/kernel/metadata'
import { ok, type Result } from '@shop/kernel/result'
import type { Category, CategoryFields } from './category.ts'

/** The fields that staff send to change a category; absent members stay as they are. */
export type CategoryChanges = {
  name?: string | undefined
  slug?: string | undefined
  /** Null moves it to the top of the tree. */
  parentId?: number | null | undefined
  /** Its index among its siblings afterwards. Default: the last one in another parent, else as it is. */
  position?: number | undefined
  metadata?: MetadataChanges | undefined
}

/** Where a category is to be; without a position it comes last. */
export type TreePlacement = { parentId: number | null; position?: number | undefined }

export type DecidedChanges = {
  fields: CategoryFields
  /** Undefined when it stays where it is. */
  placement: TreePlacement | undefined
}

/** What to write; whether the tree allows the placement is decided where the tree is locked. */
export function decideCategoryChanges(
  category: Category,
  changes: CategoryChanges,
): Result<DecidedChanges, MetadataTooLarge> {
  const metadata =
    changes.metadata === undefined ? ok(category.metadata) : patchMetadata(category.metadata, changes.metadata)
  if (!metadata.ok) return metadata
  const { name = category.name, slug = category.slug } = changes
  return ok({ fields: { name, slug, metadata: metadata.value }, placement: placementOf(category, changes) })
}

function placementOf(category: Category, { parentId = category.parentId, position }: CategoryChanges) {
  if (parentId !== category.parentId) return { parentId, position }
  return position === undefined || position === category.position ? undefined : { parentId, position }
}
