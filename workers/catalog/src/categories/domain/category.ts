import type { Metadata } from '@shop/kernel/metadata'

export const MAX_DEPTH = 8
export const MAX_NAME_LENGTH = 100

/** A node of the tree of categories. A product that is in a category is also in those above it. */
export type Category = {
  id: number
  /** Null at the top of the tree. */
  parentId: number | null
  name: string
  slug: string
  /** Index among the categories with the same parent, from 0. */
  position: number
  /** Ids from the root to the category itself: 1 to 8. */
  path: number[]
  /** The slugs of `path`. */
  slugs: string[]
  metadata: Metadata
  createdAt: Date
  updatedAt: Date
  version: number
}

/** The fields that staff edit; the rest says where it is in the tree. */
export type CategoryFields = Pick<Category, 'name' | 'slug' | 'metadata'>
