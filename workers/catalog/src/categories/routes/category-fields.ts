import { CatalogId, CatalogIdParam } from '@shop/kernel/ids'
import { isStorable } from '@shop/kernel/text'
import { z } from 'zod'
import { MAX_NAME_LENGTH } from '../domain/category.ts'
import { nameKey } from '../domain/name-key.ts'

/** The name as it is stored: in one Unicode form, without spaces around it. */
export const categoryName = z
  .string()
  .normalize('NFC')
  .trim()
  .min(1)
  .max(MAX_NAME_LENGTH)
  .refine((name) => name === '' || nameKey(name) !== '', 'must not be blank')
  .refine(
    (name) => isStorable(name) && !/\p{Cc}/u.test(name),
    'must not contain control characters or unpaired surrogates',
  )
  .meta({ description: 'Unique among its siblings, whatever its case', example: 'Kitchen' })

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
