import { hasScope } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import type { Category } from '../domain/category.ts'
import { CategoryId } from './category-fields.ts'

export const CategoryView = z
  .strictObject({
    id: CategoryId,
    name: z.string().meta({ example: 'Kitchen' }),
    slug: z.string().meta({ example: 'kitchen' }),
    parent_id: CategoryId.nullable(),
    position: z.int().meta({ description: 'Index among its siblings', example: 0 }),
    depth: z.int().meta({ description: '1 at the top of the tree', example: 1 }),
    path: z.array(z.string()).meta({ description: 'Slugs from the top of the tree to itself', example: ['kitchen'] }),
    metadata: z.record(z.string(), z.string()).optional().meta({ description: 'Shown to staff only', example: {} }),
    version: z.int().meta({ description: 'Counts its changes', example: 1 }),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: 'Category' })
export type CategoryView = z.infer<typeof CategoryView>

export const CategoryResponse = z.strictObject({ category: CategoryView }).meta({ id: 'CategoryResponse' })

/** The answer to a write. */
export const CategoryWithMessage = z
  .strictObject({ category: CategoryView, message: z.string().meta({ example: 'Category created' }) })
  .meta({ id: 'CategoryWithMessage' })

export function toCategoryView(category: Category, caller: Caller): CategoryView {
  return {
    id: category.id,
    name: category.name,
    slug: category.slug,
    parent_id: category.parentId,
    position: category.position,
    depth: category.path.length,
    path: category.slugs,
    ...(hasScope(caller, 'products:read') ? { metadata: category.metadata } : {}),
    version: category.version,
    created_at: category.createdAt.toISOString(),
    updated_at: category.updatedAt.toISOString(),
  }
}
