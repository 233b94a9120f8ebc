import { API_INFO } from '@shop/http/openapi-document'
import type { ApiDocument } from './document.ts'
import { DESCRIBED_LIMITS, HEADERS, withLimits } from './limits.ts'

const TAGS = [
  { name: 'Users', description: 'Accounts, sessions and tokens' },
  { name: 'Products', description: 'Products and their stock' },
  { name: 'Orders', description: 'Orders and their lifecycle' },
  { name: 'Payments', description: 'Payments and webhooks' },
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
}

/**
 * One description of the whole API from those of its parts, the same for the same parts whatever their order: paths,
 * methods and schemas sorted by name.
 *
 * @throws Error when two parts describe one operation, or one schema name differently
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

/** Text that is equal for equal values: the order of members says nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member) ? sorted({ ...member }) : member,
  )
}
