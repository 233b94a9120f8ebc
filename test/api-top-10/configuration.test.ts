import { describedOperations } from '@shop/testing/api-contract'
import { eventually } from '@shop/testing/eventually'
import { describe, expect, it } from 'vitest'
import { attack, filledPath, rawRequest } from '../support/attacks.ts'
import { expectRefusal } from '../support/problems.ts'
import { usePlatform } from '../support/use-platform.ts'

/** OWASP API Security Top 10 (2023): how the shop is set up. */
const ALLOWED_ORIGIN = 'https://store.example.com'
// Of its own, since administrators send something to every operation.
const stage = usePlatform({ corsOrigins: ALLOWED_ORIGIN })
const send = (method: string, path: string, init: RequestInit = {}) => attack(stage.platform.url, method, path, init)
const withToken = (token: string, headers = {}) => ({ headers: { authorization: `Bearer ${token}`, ...headers } })
const operations = describedOperations()

describe('API8:2023 Security misconfiguration', () => {
  const isPrivate = operations.filter(({ access }) => access?.kind !== 'public')

  it.each(isPrivate)(
    '$operationId is stored in no cache, sets no cookie and shows nothing internal',
    async (operation) => {
      const { method } = operation
      const hasBody = method !== 'GET' && method !== 'DELETE'
      const headers = { authorization: `Bearer ${stage.admin.token}` }
      const path = filledPath(operation)
      // It ends the session that all these tests share.
      const answer = path.endsWith('/logout-all')
        ? await send(method, path, { headers: { authorization: 'Bearer x' } })
        : await send(method, path, { headers, ...(hasBody ? { body: '{}' } : {}) })
      expect(answer.headers.get('cache-control')).toContain('no-store')
      expect([...answer.headers.keys()].filter((name) => /^(set-cookie|x-shop-|x-powered-by)/.test(name))).toEqual([])
      expect(answer.headers.get('server') ?? '').not.toMatch(/hono|workerd|node/i)
    },
  )

  const ORIGINS = ['https://evil.example', 'null', `${ALLOWED_ORIGIN}.evil.example`, 'http://store.example.com', '*']
  it.each(ORIGINS.map((origin, turn) => ({ origin, turn })))(
    'pages of $origin read no answer, and none is ever allowed with cookies',
    async ({ origin, turn }) => {
      const reads = operations.filter(({ method }) => method === 'GET')
      // They take turns, because an answer to an origin does not depend on the operation.
      const tried = process.env.LONG ? reads : reads.filter((_, at) => at % ORIGINS.length === turn)
      for (const operation of tried) {
        const { headers } = await send('GET', filledPath(operation), { headers: { origin } })
        expect(headers.get('access-control-allow-origin'), operation.path).toBeNull()
        expect(headers.get('access-control-allow-credentials'), operation.path).toBeNull()
      }
    },
  )

  it.each(['TRACE', 'TRACK', 'DEBUG', 'PROPFIND', 'LINK'])(
    'the method %s does nothing and repeats nothing',
    async (method) => {
      for (const path of ['/', '/api/users/profile', '/api/products/1']) {
        const answer = await rawRequest(stage.platform.url, method, path, { 'x-canary': 'c4n4ry' }).catch(
          () => undefined,
        )
        if (answer === undefined) continue
        expect(answer.status, path).toBeGreaterThanOrEqual(400)
        expect(answer.text, path).not.toContain('c4n4ry')
      }
    },
  )

  it('a Host or X-Forwarded-Host that a stranger sends is in no link of a mail', async () => {
    const { email } = await stage.shop.signUp()
    const body = JSON.stringify({ email })
    const answer = await rawRequest(
      stage.platform.url,
      'POST',
      '/api/users/password-reset',
      {
        host: 'evil.example',
        'x-forwarded-host': 'evil.example',
        'x-host': 'evil.example',
        forwarded: 'host=evil.example',
        'content-type': 'application/json',
        'content-length': String(body.length),
      },
      body,
    )
    expect(answer.status).toBe(202)
    const mails = await eventually(
      async () => {
        await stage.platform.sweep()
        return stage.platform.mail.mails({ to: email }).filter(({ subject }) => /password/i.test(subject))
      },
      (found) => found.length > 0,
      25_000,
    )
    expect(JSON.stringify(mails)).not.toContain('evil.example')
  })

  it.each([
    '/.git/config',
    '/.env',
    '/.dev.vars',
    '/wrangler.toml',
    '/package.json',
    '/docs-assets',
    '/docs-assets/',
    '/docs-assets/../../.dev.vars',
    '/docs-assets/..%2f..%2f.dev.vars',
    '/docs-assets/%2e%2e/%2e%2e/wrangler.toml',
    '/node_modules/hono/package.json',
    '/server-status',
    '/debug',
    '/metrics',
    '/actuator/env',
    '/__scheduled',
    '/phpinfo.php',
  ])('%s is not there', async (path) => {
    const answer = await rawRequest(stage.platform.url, 'GET', path, {})
    expect(answer.status).toBe(404)
  })

  it.each([
    '/api/users/profile/style.css',
    '/api/users/profile%2fa.js',
    '/api/orders/a.css',
    '/api/users/profile;a.css',
  ])('a cache is not deceived by %s', async (path) => {
    const answer = await send('GET', path, withToken(stage.customer.token))
    expect((await expectRefusal(answer)).headers.get('cache-control')).toContain('no-store')
  })

  it.each(operations.filter(({ parameters }) => parameters.length > 0))(
    '$operationId: a parameter that is sent twice is refused',
    async (operation) => {
      for (const { name } of operation.parameters.filter(({ isList }) => !isList)) {
        const path = `${filledPath(operation)}?${name}=1&${name}=2`
        const init = operation.method === 'GET' ? {} : { body: '{}' }
        const answer = await send(operation.method, path, { ...init, ...withToken(stage.admin.token) })
        expect([404, 422], path).toContain((await expectRefusal(answer)).status)
      }
    },
  )

  it('what a stranger adds to a request is not in what others are shown from the cache', async () => {
    const product = await stage.shop.addProduct(stage.admin)
    const poison = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'evil', 'x-original-url': '/evil' }
    await send('GET', `/api/products/${product.id}`, { headers: poison })
    const shown = await send('GET', `/api/products/${product.id}`)
    expect([shown.status, (await shown.text()).includes('evil')]).toEqual([200, false])
  })
})
