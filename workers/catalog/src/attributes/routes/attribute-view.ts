import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import { ATTRIBUTE_TYPES, type Attribute } from '../domain/attribute.ts'
import { AttributeId } from './attribute-fields.ts'

export const AttributeView = z
  .strictObject({
    id: AttributeId,
    key: z.string().meta({ example: 'material' }),
    label: z.string().meta({ example: 'Material' }),
    type: z.enum(ATTRIBUTE_TYPES).meta({ example: 'list' }),
    values: z
      .array(z.string())
      .nullable()
      .meta({ description: 'Null unless it is a list', example: ['Cotton', 'Wool'] }),
    filterable: z.boolean().meta({ example: true }),
    version: z.int().meta({ description: 'Counts its changes', example: 1 }),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: 'Attribute' })
export type AttributeView = z.infer<typeof AttributeView>

/** The answer to a write. */
export const AttributeWithMessage = z
  .strictObject({ attribute: AttributeView, message: z.string().meta({ example: 'Attribute created' }) })
  .meta({ id: 'AttributeWithMessage' })

export function toAttributeView(attribute: Attribute): AttributeView {
  return {
    id: attribute.id,
    key: attribute.key,
    label: attribute.label,
    type: attribute.type,
    values: attribute.values,
    filterable: attribute.isFilterable,
    version: attribute.version,
    created_at: attribute.createdAt.toISOString(),
    updated_at: attribute.updatedAt.toISOString(),
  }
}
