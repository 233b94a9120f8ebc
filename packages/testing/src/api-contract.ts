import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

type Operation = {
  operationId: string
  parameters?: { name: string; in: string; schema?: { type?: string } }[]
  requestBody?: { content: Record<string, unknown> }
  responses: Record<string, { content?: Record<string, unknown> }>
  security?: Record<string, string[]>[]
  'x-access'?: DescribedAccess
}
type Document = { paths: Record<string, Record<string, Operation>> }

const OPENAPI = fileURLToPath(new URL('../../../openapi.json', import.meta.url))
const document = JSON.parse(readFileSync(OPENAPI, 'utf8')) as Document

const ajv = new Ajv2020({ strict: false, allErrors: true })
// ajv-formats is CommonJS whose default export is the plugin itself.
;(addFormats as unknown as (instance: Ajv2020) => void)(ajv)
ajv.addSchema(document, 'openapi')

/** Without formats, which libraries judge differently: an unusual URL is none for one and one for another. */
const ajvForRequests = new Ajv2020({ strict: false, validateFormats: false })
ajvForRequests.addSchema(document, 'openapi')

const templates = Object.keys(document.paths).map((path) => ({
  path,
  pattern: new RegExp(`^${path.replace(/\{[^/]+\}/g, '[^/]+')}$`),
  parameters: path.split('{').length - 1,
}))

/** The template of a path, the one with the fewest parameters where several fit. */
export function templateOf(path: string): string | undefined {
  const trimmed = path.length > 1 ? path.replace(/\/$/, '') : path
  return templates.filter(({ pattern }) => pattern.test(trimmed)).sort((a, b) => a.parameters - b.parameters)[0]?.path
}

export type ExchangedResponse = { method: string; path: string; status: number; mediaType: string; body: unknown }

/**
 * Checks a response against the committed API description.
 *
 * @throws Error when the status is not declared for the operation, or the body does not match its schema. A path or a
 * method that is not described may only answer 404, 405 or 204 to OPTIONS.
 */
export function assertDescribed(response: ExchangedResponse): void {
  const { method, path, status, mediaType, body } = response
  const template = templateOf(path)
  const operation = template === undefined ? undefined : document.paths[template]?.[method.toLowerCase()]
  if (template === undefined || operation === undefined) {
    if ([204, 400, 404, 405].includes(status)) return
    throw new Error(`${method} ${path} answered ${status} but is not in openapi.json`)
  }
  const declared = operation.responses[String(status)]
  if (declared === undefined) {
    throw new Error(`${operation.operationId} answered ${status}, which it does not declare: ${JSON.stringify(body)}`)
  }
  if (declared.content === undefined) return
  if (!(mediaType in declared.content)) throw new Error(`${operation.operationId} ${status} answered ${mediaType}`)
  const pointer = ['paths', template, method.toLowerCase(), 'responses', String(status), 'content', mediaType, 'schema']
  const isValid = ajv.getSchema(`openapi#/${pointer.map(escapePointer).join('/')}`)
  if (isValid === undefined) throw new Error(`${operation.operationId} ${status} has no schema`)
  if (!isValid(body)) {
    throw new Error(`${operation.operationId} ${status}: ${ajv.errorsText(isValid.errors)} in ${JSON.stringify(body)}`)
  }
}

/**
 * Whether the description of an operation allows a JSON body. True for an operation that describes none.
 *
 * @param template as `templateOf` returns it
 */
export function isDescribedBody(method: string, template: string, body: unknown): boolean {
  const name = method.toLowerCase()
  if (document.paths[template]?.[name]?.requestBody?.content['application/json'] === undefined) return true
  const pointer = ['paths', template, name, 'requestBody', 'content', 'application/json', 'schema']
  const isValid = ajvForRequests.getSchema(`openapi#/${pointer.map(escapePointer).join('/')}`)
  return isValid?.(body) === true
}

const escapePointer = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))

/** Who may call an operation, as its `x-access` says it. */
export type DescribedAccess = { kind: string; scopes?: string[]; more?: string; hidden?: boolean }

export type DescribedOperation = {
  operationId: string
  method: string
  path: string
  /** Undefined where the description does not say it, which a test refuses. */
  access: DescribedAccess | undefined
  /** The headers that open it instead of a sign-in. */
  tokens: string[]
  /** Of its query. One that is a list may be sent several times. */
  parameters: { name: string; isList: boolean }[]
}

/** Every operation of the API, for tests that run over all of them. */
export function describedOperations(): DescribedOperation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      operationId: operation.operationId,
      method: method.toUpperCase(),
      path,
      access: operation['x-access'],
      tokens: (operation.security ?? []).flatMap(Object.keys).filter((scheme) => scheme.endsWith('_token')),
      parameters: (operation.parameters ?? [])
        .filter((one) => one.in === 'query')
        .map(({ name, schema }) => ({ name, isList: schema?.type === 'array' })),
    })),
  )
}
