import { waitUntil } from 'cloudflare:workers'
import { oncePerEnv } from '@shop/http/env'
import { Unavailable } from '@shop/kernel'
import { gatewayApp } from './app.ts'
import { coloCache } from './edge/colo-cache.ts'
import { createEdgeCache } from './edge/edge-cache.ts'
import type { GatewayBindings } from './env.ts'
import { createKeyStore } from './key-store.ts'
import { sweepAll } from './sweep.ts'
import { askUpstream } from './upstream.ts'

const KEYS_URL = 'https://users.internal/.well-known/jwks.json'
const KEYS_TIMEOUT_MS = 2_000

const keys = oncePerEnv((env: GatewayBindings) =>
  createKeyStore({
    fetchKeys: async () => {
      const response = await askUpstream(env.USERS, 'users', new Request(KEYS_URL), KEYS_TIMEOUT_MS)
      if (response.status !== 200) throw new Unavailable('users')
      return response.json()
    },
    now: Date.now,
  }),
)

const edge = createEdgeCache({
  shared: coloCache(() => caches.default, Date.now),
  later: waitUntil,
  now: Date.now,
})

const app = gatewayApp({ keys, edge, now: () => new Date() })

export default {
  fetch: (request, env, ctx) => app.fetch(request, env, ctx),
  scheduled: (_, env) => sweepAll(env),
} satisfies ExportedHandler<GatewayEnv>
