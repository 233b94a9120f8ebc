import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** The parts of JSON Schema that openapi.json uses for requests and responses. */
export type Schema = {
  $ref?: string
  type?: string | string[]
  enum?: Json[]
  const?: Json
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  format?: string
  minimum?: number
  maximum?: number
  example?: Json
}

type Content = Record<string, { schema?: Schema }>
type Response = { description?: string; content?: Content }
type Described = {
  operationId: string
  summary: string
  security?: Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: { required?: boolean; content: Content }
  responses: Record<string, Response>
}
type Document = { paths: Record<string, Record<string, Described>>; components: { schemas: Record<string, Schema> } }

export type Parameter = { name: string; in: 'path' | 'query' | 'header'; required?: boolean; schema: Schema }

/** One operation of openapi.json. */
export type Operation = {
  operationId: string
  method: string
  /** With its parameters in braces: `/api/orders/{id}`. */
  path: string
  parameters: Parameter[]
  /** Of its JSON body, if it takes one. */
  body: Schema | undefined
  isBodyRequired: boolean
  /** What opens it: nothing, an access token, the token of an order or of a cart. Empty means that it is public. */
  opens: Set<'nothing' | 'bearer' | 'order_token' | 'cart_token'>
  /** Whether it refuses everybody else, whatever the path names. */
  isForStaff: boolean
  responses: Record<string, Response>
}

const FILE = fileURLToPath(new URL('../../openapi.json', import.meta.url))
const document = JSON.parse(readFileSync(FILE, 'utf8')) as Document

/** Every operation of the API. */
export const OPERATIONS: Operation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => ({
    operationId: described.operationId,
    method: method.toUpperCase(),
    path,
    parameters: described.parameters ?? [],
    body: described.requestBody?.content['application/json']?.schema,
    isBodyRequired: described.requestBody?.required === true,
    opens: opensOf(described),
    isForStaff: described.summary.endsWith('(staff)'),
    responses: described.responses,
  })),
)

function opensOf({ security = [] }: Described): Operation['opens'] {
  const schemes = security.flatMap((one) => (Object.keys(one).length === 0 ? ['nothing'] : Object.keys(one)))
  return new Set(schemes as ('nothing' | 'bearer' | 'order_token' | 'cart_token')[])
}

/** The schema itself, where it is only a reference. */
export function resolved(schema: Schema): Schema {
  const name = schema.$ref?.replace('#/components/schemas/', '')
  if (name === undefined) return schema
  const found = document.components.schemas[name]
  if (found === undefined) throw new Error(`openapi.json has no schema ${name}`)
  return resolved(found)
}

export const typesOf = ({ type }: Schema): string[] => (type === undefined ? [] : [type].flat())
