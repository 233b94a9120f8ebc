import type { Metadata } from '@shop/kernel/metadata'
import type { Category } from '../domain/category.ts'

/** A category as a written statement returns it: a bigint is a text. */
export type CategoryRow = {
  id: string
  parent_id: string | null
  name: string
  slug: string
  position: number
  path: string[]
  slugs: string[]
  metadata: Metadata
  created_at: string
  updated_at: string
  version: number
}

export function toCategory(row: CategoryRow): Category {
  return {
    id: Number(row.id),
    parentId: row.parent_id === null ? null : Number(row.parent_id),
    name: row.name,
    slug: row.slug,
    position: row.position,
    path: row.path.map(Number),
    slugs: row.slugs,
    metadata: row.metadata,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    version: row.version,
  }
}
