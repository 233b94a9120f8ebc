import { API_INFO } from '@shop/http/openapi-document'
import { ROUTED_SERVICES } from '@shop/services'
import type { ApiDocument } from '../domain/api-document.ts'
import { DESCRIBED_LIMITS, HEADERS, withLimits } from './described-limits.ts'

const TAGS = [
  ...ROUTED_SERVICES.flatMap(({ gateway }) => gateway.tags),
  { name: 'Events', description: 'Every change of the shop, and its deliveries' },
  { name: 'Gateway', description: 'State and description of the API' },
]

const SECURITY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: '`token` of a sign-in' },
  order_token: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Order-Token',
    description: '`order_token` of the order of a guest',
  },
  cart_token: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Cart-Token',
    description: '`cart_token` of the cart of a guest',
  },
}

/**
 * Merges the descriptions of the workers into one. Paths, methods and schemas are sorted by name, so the order of the
 * parts makes no difference.
 *
 * @throws Error when two parts describe an operation, or a schema of one name, differently
 */
export function mergeDocuments(parts: ApiDocument[]) {
  const paths: Record<string, Record<string, unknown>> = {}
  const schemas: Record<string, unknown> = {}
  for (const part of parts) {
    for (const [path, item] of Object.entries(part.paths)) {
      paths[path] = addAll(paths[path] ?? {}, item, `operation ${path}`)
    }
    addAll(schemas, part.components.schemas, 'schema')
  }
  const sortedPaths = Object.entries(sorted(paths)).map(([path, item]) => [path, sorted(withLimits(item))] as const)
  return {
    openapi: '3.1.0',
    info: { ...API_INFO, description: `${API_INFO.description}\n\n${DESCRIBED_LIMITS}` },
    servers: [{ url: '/' }],
    tags: TAGS,
    paths: Object.fromEntries(sortedPaths),
    components: {
      headers: HEADERS,
      schemas: sorted(schemas),
      securitySchemes: SECURITY_SCHEMES,
    },
  }
}

function addAll(into: Record<string, unknown>, from: Record<string, unknown>, what: string): Record<string, unknown> {
  for (const [name, value] of Object.entries(from)) {
    const known = into[name]
    if (known !== undefined && canonical(known) !== canonical(value)) {
      throw new Error(`Two workers describe ${what} ${name} differently`)
    }
    into[name] = value
  }
  return into
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Text that is equal for equal values, whatever the order of their members. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member) ? sorted({ ...member }) : member,
  )
}
