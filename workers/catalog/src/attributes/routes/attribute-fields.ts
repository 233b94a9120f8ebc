import { CatalogId, CatalogIdParam } from '@shop/kernel/ids'
import { line } from '@shop/kernel/text'
import { z } from 'zod'

export const AttributeId = CatalogId.meta({ description: 'Attribute id', example: 4 })

export const AttributeIdParam = CatalogIdParam.meta({ type: 'integer', description: 'Attribute id', example: 4 })

/** Part of a query parameter such as `attribute.material`. */
export const key = z
  .string()
  .max(40)
  .regex(/^[a-z][a-z0-9_]*$/, 'must be lower-case letters a to z, digits and underscores, and begin with a letter')
  .meta({ description: 'Names the attribute in products and filters; it never changes', example: 'material' })

export const label = line(100).meta({ description: 'What people read', example: 'Material' })

export const values = z
  .array(line(100))
  .min(1)
  .max(200)
  .refine((list) => new Set(list).size === list.length, 'must not name a value twice')
  .meta({ description: 'Of a list: what products may have, in order', example: ['Cotton', 'Wool'] })

export const filterable = z.boolean().meta({ description: 'Whether products are filtered by it', example: true })
