import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { EXAMPLE_IDEMPOTENCY_KEY, KeyHeader } from '@shop/kernel/idempotency'
import { describe, expect, it } from 'vitest'

type DocsRequest = { url: string; headers: Record<string, string> }
type Operation = { responses: Record<string, object> }
type DocsOptions = { requestInterceptor: (request: DocsRequest) => DocsRequest }

const SCRIPT = readFileSync(join(import.meta.dirname, '../../assets-src/docs-assets/docs-init.js'), 'utf8')

/** The options with which the page starts Swagger UI. */
function docsOptions(): DocsOptions {
  const started: DocsOptions[] = []
  runInNewContext(SCRIPT, {
    crypto,
    window: { SwaggerUIBundle: (options: DocsOptions) => void started.push(options) },
  })
  const [options] = started
  if (options === undefined) throw new Error('The page did not start Swagger UI')
  return options
}

describe('the docs page', () => {
  const send = (headers: Record<string, string>) =>
    docsOptions().requestInterceptor({ url: '/api/orders', headers }).headers

  it.each(['idempotency-key', 'Idempotency-Key'])('makes a fresh key for each try, in %s', (name) => {
    const keys = [1, 2].map(() => send({ [name]: EXAMPLE_IDEMPOTENCY_KEY })[name])
    expect(new Set(keys).size).toBe(2)
    for (const key of keys) {
      expect(KeyHeader['idempotency-key'].parse(key)).toMatch(/^[0-9a-f]{32}$/)
    }
  })

  it('keeps a key that was typed in, and sends none where there is none', () => {
    expect(send({ 'idempotency-key': 'mine' })).toEqual({ 'idempotency-key': 'mine' })
    expect(send({ accept: 'application/json' })).toEqual({ accept: 'application/json' })
  })
})

describe('the column of links', () => {
  it('is hidden, since no response of the API has links', () => {
    const assets = join(import.meta.dirname, '../../assets-src')
    expect(readFileSync(join(assets, 'docs.html'), 'utf8')).toContain('href="/docs-assets/docs.css"')
    expect(readFileSync(join(assets, 'docs-assets/docs.css'), 'utf8')).toMatch(
      /\.response-col_links \{\s*display: none/,
    )
    const description = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../openapi.json'), 'utf8'))
    const operations = Object.values<object>(description.paths).flatMap((path) => Object.values<Operation>({ ...path }))
    const responses = operations.flatMap((operation) => Object.values(operation.responses))
    expect(responses.filter((response) => Object.hasOwn(response, 'links'))).toEqual([])
  })
})
