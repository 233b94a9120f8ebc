import { readFile } from 'node:fs/promises'
import { ALL_SCOPES, isScope } from '@shop/kernel/scopes'
import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

type Media = { schema?: unknown; example?: unknown; examples?: unknown }
type Operation = {
  operationId?: string
  summary?: string
  tags?: string[]
  parameters?: { name: string; in: string; required?: boolean; schema?: unknown }[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, { description?: string; content?: Record<string, Media> }>
  security?: Record<string, string[]>[]
  description?: string
  'x-access'?: { kind: string; scopes?: string[]; more?: string; hidden?: boolean }
}
type Document = {
  openapi: string
  info: { title: string; version: string }
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> }
}

const COMMITTED = new URL('../openapi.json', import.meta.url)
const document = JSON.parse(await readFile(COMMITTED, 'utf8')) as Document
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, path, operation })),
)

/** Every value of a name anywhere in the document. */
function valuesOf(node: unknown, name: string): unknown[] {
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, value]) => [...(key === name ? [value] : []), ...valuesOf(value, name)])
}

/** Whether the schema has an example: its own, or one in each of its parts. */
function hasExample(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false
  if ('example' in schema || 'examples' in schema || 'const' in schema) return true
  if ('$ref' in schema) return hasExample(resolve(String(schema.$ref)))
  const parts = 'properties' in schema ? Object.values(schema.properties ?? {}) : []
  return parts.length > 0 && parts.some(hasExample)
}

/** Resolves a reference such as `#/components/schemas/Order`. */
function resolve(reference: string): unknown {
  const [, ...steps] = reference.split('/')
  return steps.reduce<unknown>(
    (node, step) => Object.entries(node ?? {}).find(([name]) => name === step)?.[1],
    document,
  )
}

/** What operations answer that answer no JSON. */
const NOT_JSON: Partial<Record<string, string>> = {
  openLiveEvents: 'text/event-stream',
  exportOrders: 'text/csv',
  exportSalesReport: 'text/csv',
  printInvoice: 'application/pdf',
  printPackingSlip: 'application/pdf',
}

describe('the API description', () => {
  it('that is served equals the one in the repository', async () => {
    const response = await fetch(`${stage.platform.url}/openapi.json`)
    expect(response.status).toBe(200)
    // `npm run openapi` regenerates it.
    expect(await response.json()).toEqual(document)
  })

  it('is OpenAPI 3.1, and every reference in it resolves', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/)
    expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) })
    for (const reference of valuesOf(document, '$ref'))
      expect(resolve(String(reference)), String(reference)).toBeDefined()
    const used = new Set(operations.flatMap(({ operation }) => operation.security ?? []).flatMap(Object.keys))
    expect([...used].sort()).toEqual(Object.keys(document.components.securitySchemes).sort())
  })

  it('says of every operation who may call it', () => {
    const kinds = ['public', 'anyone', 'signed_in', 'owner', 'scope']
    const undeclared = operations.filter(({ operation }) => !kinds.includes(operation['x-access']?.kind ?? ''))
    expect(undeclared.map(({ name }) => name)).toEqual([])
    const named = operations.flatMap(({ operation }) => {
      const { scopes = [], more } = operation['x-access'] ?? { kind: '' }
      return more === undefined ? scopes : [...scopes, more]
    })
    expect(named.filter((scope) => !isScope(scope))).toEqual([])
    expect(ALL_SCOPES.filter((scope) => !named.includes(scope))).toEqual([])
  })

  it.each(operations)('says of $name the same in its security and its refusals', ({ operation }) => {
    const { kind, scopes = [], hidden } = operation['x-access'] ?? { kind: '' }
    const security = JSON.stringify(operation.security)
    if (kind === 'public') expect(security).toBe('[]')
    if (kind === 'anyone') expect(security).toMatch(/^\[\{"bearer":\[\]\},(?:\{"order_token":\[\]\},)?\{\}\]$/)
    if (kind === 'signed_in') expect(security).toBe('[{"bearer":[]}]')
    if (kind === 'scope') expect(security).toBe(JSON.stringify([{ bearer: scopes }]))
    if (kind === 'owner') expect(operation.security?.[0]).toEqual({ bearer: [] })
    if (kind === 'signed_in' || kind === 'scope') {
      expect(operation.responses['401']?.description).toContain('`authentication_required`')
      expect(operation.responses['403']?.description).toContain('`forbidden`')
    }
    if (hidden) expect(operation.responses['404']).toBeDefined()
    for (const scope of scopes) expect(operation.description).toContain(`\`${scope}\``)
  })

  it('names what everybody may call', () => {
    const isPublic = ({ operation }: (typeof operations)[number]) => operation.security?.length === 0
    expect(
      operations
        .filter(isPublic)
        .map(({ operation }) => operation.operationId)
        .sort(),
    ).toEqual([
      'acceptInvitation',
      'confirmPasswordReset',
      'confirmVerification',
      'getCategory',
      'getCollection',
      'getProduct',
      'getProductBySlug',
      'getShop',
      'listAttributes',
      'listCategories',
      'listCollections',
      'listProducts',
      'listSigningKeys',
      'listVariants',
      'loginUser',
      'loginWithFactor',
      'loginWithPasskey',
      'logoutUser',
      'openLiveEvents',
      'openLiveSocket',
      'receiveMailWebhook',
      'receiveStripeWebhook',
      'refreshSession',
      'registerUser',
      'requestOrderToken',
      'requestPasswordReset',
      'showApiDescription',
      'showHealth',
      'showReadiness',
      'showStart',
      'startPasskeyLogin',
      'suggestSearch',
    ])
  })

  it('names the operations that accept an order token instead of a sign-in', () => {
    const taking = operations.filter(({ operation }) => operation.security?.some((one) => 'order_token' in one))
    const described = operations.filter(({ operation }) =>
      operation.parameters?.some(({ name }) => name === 'x-order-token'),
    )
    expect(described.length).toBeGreaterThan(0)
    expect(taking).toEqual(described)
  })

  it('names the operations that accept a cart token instead of a sign-in', () => {
    const taking = operations.filter(({ operation }) => operation.security?.some((one) => 'cart_token' in one))
    const described = operations.filter(({ operation }) =>
      operation.parameters?.some(({ name }) => name === 'x-cart-token'),
    )
    // Merging takes both: the account's cart, and the token of the guest's.
    const both = described.filter(({ operation }) => operation.operationId !== 'mergeCart')
    expect(described.length).toBe(both.length + 1)
    expect(taking).toEqual(both)
  })

  it('names each operation once', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it.each(operations)('describes $name and its responses', ({ path, operation }) => {
    expect(operation.operationId).toMatch(/^[a-z]+([A-Z][a-z]*)+$/)
    expect(operation.summary).toBeTruthy()
    expect(operation.tags?.length).toBe(1)
    expect(document.tags.map(({ name }) => name)).toContain(operation.tags?.[0])
    const statuses = Object.keys(operation.responses)
    expect(statuses.filter((status) => status.startsWith('2') || status === '101')).toHaveLength(1)
    for (const [status, { description, content = {} }] of Object.entries(operation.responses)) {
      expect(description, status).toBeTruthy()
      const mediaTypes = Object.keys(content)
      const isProblem = status.startsWith('4') || (status === '503' && path !== '/health/ready') || status === '500'
      const other = NOT_JSON[operation.operationId ?? '']
      const succeeded = status === '200' && other !== undefined ? other : 'application/json'
      const mediaType = isProblem ? 'application/problem+json' : succeeded
      expect(mediaTypes, status).toEqual(status.startsWith('3') || status === '101' ? [] : [mediaType])
      for (const { schema } of Object.values(content)) expect(schema, status).toBeDefined()
    }
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const described = operation.parameters?.filter((parameter) => parameter.in === 'path' && parameter.required) ?? []
    expect(described.map(({ name }) => name)).toEqual(inPath)
  })

  it.each(operations.filter(({ operation }) => operation.requestBody))(
    'has an example for the body of $name',
    ({ operation }) => {
      const media = operation.requestBody?.content['application/json']
      expect(media).toBeDefined()
      expect(hasExample(media?.schema) || media?.example !== undefined).toBe(true)
    },
  )
})

describe('the documentation pages', () => {
  const get = (path: string) => fetch(`${stage.platform.url}${path}`)

  it.each(['/docs', '/docs/', '/redoc', '/redoc/'])('%s need nothing from other origins', async (path) => {
    const page = await get(path)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toContain('text/html')
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/)
    const html = await page.text()
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/)
    const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => new URL(link, page.url).href)
    expect(links.length).toBeGreaterThan(0)
    for (const link of links) {
      const asset = await fetch(link)
      expect([link, asset.status]).toEqual([link, 200])
      expect(asset.headers.get('x-content-type-options')).toBe('nosniff')
      expect((await asset.arrayBuffer()).byteLength).toBeGreaterThan(0)
    }
  })

  it('start at /, as JSON for programs and as a page for people', async () => {
    const links = ((await (await get('/')).json()) as { links: Record<string, string> }).links
    for (const path of Object.values(links)) expect([path, (await get(path)).status]).toEqual([path, 200])
    const page = await fetch(stage.platform.url, { headers: { accept: 'text/html' } })
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(await page.text()).toContain('href="/docs"')
  })

  it('answer 404 for an unknown asset', async () => {
    const missing = await get('/docs-assets/none.js')
    expect([missing.status, missing.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
  })
})
