import { JwksView } from '@shop/contracts'
import { createRoute, json, problems } from '@shop/http'
import type { UsersApp } from '../app.ts'

const route = createRoute({
  method: 'get',
  path: '/.well-known/jwks.json',
  operationId: 'listSigningKeys',
  tags: ['Users'],
  summary: 'Public keys of access tokens (RFC 7517)',
  responses: { 200: json('The keys; the first one signs', JwksView), ...problems() },
})

export function addListSigningKeys(app: UsersApp): void {
  app.openapi(route, (c) => {
    c.header('cache-control', 'public, max-age=300')
    return c.json({ keys: c.get('deps').publicKeys }, 200)
  })
}
