import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Env } from 'hono'
import { z } from 'zod'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

export const API_INFO = {
  title: 'Edge commerce API',
  version: '1.0.0',
  description: 'Headless commerce: accounts, catalogue, stock, orders and payments.',
}

/** The worker's part of the public API description: OpenAPI 3.1, schemas that have an id moved to components. */
export function openApiDocument<E extends Env>(app: OpenAPIHono<E>): Json {
  const { paths, components } = app.getOpenAPI31Document({ openapi: '3.1.0', info: API_INFO })
  const described = (part: object | undefined) => withNullableReferences(JSON.parse(JSON.stringify(part ?? {})))
  const schemas = described(components?.schemas)
  const operations = completed(withConditions(described(paths)), optionalBodies(app))
  return { openapi: '3.1.0', info: API_INFO, paths: operations, components: { schemas } }
}

/**
 * Describes what the kit does with every operation: a body whose fields may all be left out may be left out itself.
 *
 * @param optional from {@link optionalBodies}
 */
function completed(paths: Json, optional: ReadonlySet<string>): Json {
  const complete = (name: string, operation: Json): Json => {
    if (!isMap(operation)) return operation
    const { requestBody } = operation
    const body = isMap(requestBody) && optional.has(name) ? { requestBody: { ...requestBody, required: false } } : {}
    return { ...operation, ...body }
  }
  return mapped(paths, (path, item) => mapped(item, (method, operation) => complete(`${method} ${path}`, operation)))
}

const mapped = (node: Json, change: (name: string, member: Json) => Json): Json =>
  isMap(node) ? Object.fromEntries(Object.entries(node).map(([name, member]) => [name, change(name, member)])) : node

/**
 * Operations, as `post /path`, whose body may be left out, because all of its fields may be. An update without a body is
 * a mistake of the client: it would change nothing.
 */
function optionalBodies<E extends Env>(app: OpenAPIHono<E>): Set<string> {
  const names = app.openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== 'route') return []
    const { method, path, request } = definition.route
    const media = request?.body?.content['application/json']
    const schema = media !== undefined && 'schema' in media ? media.schema : undefined
    const isOptional = method === 'post' && schema instanceof z.ZodType && schema.safeParse({}).success
    return isOptional ? [`${method} ${path}`] : []
  })
  return new Set(names)
}

const ETAG = {
  ETag: { description: 'Names this very answer, for If-None-Match', schema: { type: 'string', example: '"1f9a…"' } },
} satisfies Json
export const UNCHANGED = {
  description: 'What If-None-Match names is what would be answered',
  headers: ETAG,
} satisfies Json
export const IF_NONE_MATCH = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'The ETag of an earlier answer: 304 when nothing has changed since',
  schema: { type: 'string' },
} satisfies Json

/** Describes on every read, but for streams, what `answerConditionally` adds to it. */
function withConditions(paths: Json): Json {
  if (!isMap(paths)) return paths
  return Object.fromEntries(
    Object.entries(paths).map(([path, methods]) => {
      if (!isMap(methods) || !isMap(methods.get) || !isMap(methods.get.responses)) return [path, methods]
      const { parameters = [], responses } = methods.get
      const answer = responses['200']
      if (!isMap(answer) || (isMap(answer.content) && 'text/event-stream' in answer.content)) return [path, methods]
      const get: Json = {
        ...methods.get,
        parameters: [...(Array.isArray(parameters) ? parameters : []), IF_NONE_MATCH],
        responses: { ...responses, 200: { ...answer, headers: ETAG }, 304: UNCHANGED },
      }
      return [path, { ...methods, get }]
    }),
  )
}

/**
 * Corrects the schema of nullable references.
 *
 * The generator writes `allOf: [reference, { type: [..., 'null'] }]`, which null does not satisfy.
 */
function withNullableReferences(node: Json): Json {
  if (Array.isArray(node)) return node.map(withNullableReferences)
  if (typeof node !== 'object' || node === null) return node
  const { allOf, ...rest } = Object.fromEntries(
    Object.entries(node).map(([name, member]) => [name, withNullableReferences(member)]),
  )
  if (allOf === undefined) return rest
  const [reference, other] = Array.isArray(allOf) ? allOf : []
  const types = isMap(other) ? other.type : undefined
  if (!isMap(reference) || !('$ref' in reference) || !Array.isArray(types) || !types.includes('null')) {
    return { allOf, ...rest }
  }
  return { anyOf: [reference, { type: 'null' }], ...rest }
}

function isMap(node: Json | undefined): node is { [name: string]: Json } {
  return typeof node === 'object' && node !== null && !Array.isArray(node)
}
