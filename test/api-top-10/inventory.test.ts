import { describedOperations } from '@shop/testing/api-contract'
import type { Account } from '@shop/testing/shop'
import { describe, expect, it } from 'vitest'
import { attack, filledPath } from '../support/attacks.ts'
import { expectRefusal } from '../support/problems.ts'
import { useSharedPlatform } from '../support/use-platform.ts'

/** OWASP API Security Top 10 (2023): what the shop offers. */
const stage = useSharedPlatform()
const send = (method: string, path: string, init: RequestInit = {}) => attack(stage.platform.url, method, path, init)
const withToken = (token: string, headers = {}) => ({ headers: { authorization: `Bearer ${token}`, ...headers } })
const operations = describedOperations()

describe('API9:2023 Improper inventory management', () => {
  const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
  const REQUESTS_PER_ADMIN = 400
  const paths = [...new Set(operations.map(({ path }) => path))]
  /** The methods of all templates that a path fits: `/api/users/profile` is a user of `/api/users/{id}`, too. */
  const declaredFor = (path: string) =>
    operations
      .filter((one) => new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path))
      .map(({ method }) => method)

  // More requests than one user may send in a minute.
  let sent = 0
  let admin: Account | undefined
  const sendAsAdmin = async (method: string, path: string, init: RequestInit = {}) => {
    sent += 1
    if (sent % REQUESTS_PER_ADMIN === 1) admin = await stage.shop.signUpAdmin()
    return send(method, path, { ...init, ...withToken(admin?.token ?? '') })
  }

  /** How many methods that it does not take are tried at each path. They take turns from path to path. */
  const TRIED = process.env.LONG ? METHODS.length : 2

  it.each(paths.map((template, turn) => ({ template, turn })))(
    '$template takes no method but those that are described',
    async ({ template, turn }) => {
      const path = filledPath({ path: template })
      const declared = declaredFor(path)
      const others = METHODS.filter((one) => !declared.includes(one))
      const tried = others.filter((_, at) => (at + turn) % others.length < TRIED)
      for (const method of tried) {
        const init = method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }
        const answer = await sendAsAdmin(method, path, init)
        const { status, headers } = await expectRefusal(answer)
        expect([method, status]).toEqual([method, 405])
        const allowed = (headers.get('allow') ?? '').split(', ').filter((one) => one !== 'HEAD')
        expect(allowed.sort()).toEqual([...new Set(declared)].sort())
      }
    },
  )

  it.each([
    '/api/v1/products',
    '/api/v2/products',
    '/v1/products',
    '/api/beta/orders',
    '/api/internal/users',
    '/api/admin',
    '/api/admin/users',
    '/api/debug',
    '/api/test',
    '/api/graphql',
    '/graphql',
    '/api/swagger.json',
    '/swagger-ui.html',
    '/api/openapi.json',
    '/api/products/openapi.json/x',
    '/rpc',
    '/sweep',
    '/api/sweep',
    '/api/orders/internal/expire',
    '/receiveEvents',
    '/pullEvents',
    '/api/events',
    '/api/events/gateway',
    '/api/webhooks',
    '/api/webhooks/resend',
    '/api/users/login/as/user_1',
    '/api/auth/login',
    '/edge-cache/2/api/products',
  ])('there is no %s, not even for administrators', async (path) => {
    for (const method of ['GET', 'POST']) {
      const init = method === 'GET' ? {} : { body: '{}' }
      const refused = await expectRefusal(await sendAsAdmin(method, path, init))
      expect([method, refused.status, refused.body.code]).toEqual([method, 404, 'route_not_found'])
    }
  })

  it.each(['/api/users', '/api/products', '/api/orders', '/api/payments', '/api/email-templates'])(
    'the description that the worker of %s has for the gateway is not public',
    async (prefix) => {
      const { status } = await expectRefusal(await sendAsAdmin('GET', `${prefix}/openapi.json`))
      expect([404, 422]).toContain(status)
    },
  )
})
