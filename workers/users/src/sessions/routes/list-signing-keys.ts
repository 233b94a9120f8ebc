import { PUBLIC } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'

const JwksView = z
  .strictObject({
    keys: z.array(
      z.strictObject({
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        x: z.string(),
        kid: z.string(),
        use: z.literal('sig'),
        alg: z.literal('EdDSA'),
      }),
    ),
  })
  .meta({ id: 'JsonWebKeySet' })

const route = createRoute({
  method: 'get',
  path: '/.well-known/jwks.json',
  operationId: 'listSigningKeys',
  tags: ['Users'],
  summary: 'Public keys of access tokens (RFC 7517)',
  access: PUBLIC,
  responses: { 200: json('The keys; the first one signs', JwksView), ...problems() },
})

export function addListSigningKeys(app: UsersApp): void {
  app.openapi(route, (c) => {
    c.header('cache-control', 'public, max-age=300')
    return c.json({ keys: c.get('deps').publicKeys() }, 200)
  })
}
