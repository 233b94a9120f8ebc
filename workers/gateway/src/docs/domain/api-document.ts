/** The parts of an OpenAPI document that are merged. The content of a path or schema is passed on as it is. */
export type ApiDocument = {
  paths: Record<string, Record<string, unknown>>
  components: { schemas: Record<string, unknown> }
}

/** Reads what a worker serves. @throws Error when it is no OpenAPI document */
export function toApiDocument(body: unknown): ApiDocument {
  if (!isRecord(body) || !isRecord(body.paths)) throw new Error('Not an OpenAPI document')
  const components = isRecord(body.components) ? body.components : {}
  const schemas = isRecord(components.schemas) ? components.schemas : {}
  const paths = Object.entries(body.paths).map(([path, item]) => [path, isRecord(item) ? item : {}] as const)
  return { paths: Object.fromEntries(paths), components: { schemas } }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
