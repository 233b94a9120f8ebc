export const ATTRIBUTE_TYPES = ['text', 'number', 'boolean', 'list'] as const
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number]

/** What an attribute of products may be. */
export type Attribute = {
  id: number
  /** Names it in products and in filters; it never changes. */
  key: string
  label: string
  /** A product has one text, number or truth value, or, of a list, some of its values. It never changes. */
  type: AttributeType
  /** The values that products may have, in order; null unless it is a list. */
  values: string[] | null
  isFilterable: boolean
  createdAt: Date
  updatedAt: Date
  version: number
}

export type AttributeFields = Pick<Attribute, 'label' | 'values' | 'isFilterable'>
