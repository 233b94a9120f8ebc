/** A category of the API, as openapi.json describes it. */
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
