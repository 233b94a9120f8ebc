import { isStorable, text } from '@shop/kernel/text'
import { z } from 'zod'
import { CategoryId } from '../../categories/routes/category-fields.ts'
import { MAX_STOCK } from '../../stock/domain/level.ts'

/** The fields that the bodies of createProduct and updateProduct share. */
export const name = text(1, 200)
  .refine((value) => value.trim() !== '', 'must not be blank')
  .meta({ example: 'Aeropress coffee maker' })

export const description = text(0, 10_000).meta({ example: 'Brews one to three cups.' })

export const category = z
  .string()
  .min(1)
  .normalize('NFC')
  .trim()
  .max(100)
  .refine(isStorable, 'must not contain NUL or unpaired surrogates')
  .nullable()
  .optional()
  .meta({
    description: 'Name of the primary category, whatever its case; made when there is none. Null takes it out of all',
    example: 'kitchen',
  })

export const categoryIds = z
  .array(CategoryId)
  .max(50)
  .optional()
  .meta({ description: 'All its categories, the primary one first; after `category`, if that is there', example: [3] })

export const imageUrl = text(1, 2_000)
  .refine((value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ''), 'must be an http or https URL')
  .meta({ format: 'uri', example: 'https://images.example.com/aeropress.jpg' })

export const stockQuantity = z.int().min(0).max(MAX_STOCK).meta({ example: 50 })

export const maxPerOrder = z.int().min(1).max(1_000_000).nullable().optional().meta({
  description: 'The most units that one order may have; null allows any number',
  example: 10,
})

export const lowStockThreshold = z.int().min(0).max(MAX_STOCK).nullable().optional().meta({
  description: 'Stock is low when this many units or fewer can be bought; null turns the check off',
  example: 5,
})
