/** Bodies of categories, collections and attributes, as openapi.json describes them. */
export type CategoryBody = {
  id: number
  name: string
  slug: string
  parent_id: number | null
  position: number
  depth: number
  path: string[]
  /** For staff. */
  metadata?: Record<string, string>
  version: number
}

export type CollectionBody = {
  id: number
  name: string
  slug: string
  kind: 'manual' | 'rule'
  /** For staff. */
  rule?: Record<string, unknown> | null
  product_ids?: number[]
  version: number
}

export type AttributeBody = { id: number; key: string; label: string; type: string; filterable: boolean }
