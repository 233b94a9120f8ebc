import { CatalogId, CatalogIdParam } from '@shop/kernel/ids'
import { line } from '@shop/kernel/text'
import { z } from 'zod'
import { MAX_NAME_LENGTH } from '../domain/category.ts'

export const categoryName = line(MAX_NAME_LENGTH).meta({
  description: 'Unique among its siblings, whatever its case',
  example: 'Kitchen',
})

export const CategoryId = CatalogId.meta({ description: 'Category id', example: 3 })

export const CategoryIdParam = CatalogIdParam.meta({ type: 'integer', description: 'Category id', example: 3 })

export const parentId = CategoryId.nullable().meta({
  description: 'The category above it; null at the top of the tree, which is at most 8 levels deep',
  example: null,
})

export const position = z
  .int()
  .min(0)
  .max(1_000_000)
  .meta({ description: 'Index among its siblings, from 0; those from there on move up', example: 0 })
