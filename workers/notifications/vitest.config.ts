import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

const unavailable = () => new Response(null, { status: 503 })

/**
 * Stands for the workers of users and orders: a session, key or token has ended when its id says so, or once a test has ended it.
 * `away` does not answer.
 */
const AUTHORITIES = `
  import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers'
  const ended = new Set()
  export class UsersService extends WorkerEntrypoint {
    end(id) { ended.add(id) }
    scopesOfKeys({ keyIds }) {
      const scopesOf = (keyId) => (ended.has(keyId) ? ['products:read'] : ['orders:read'])
      if (keyIds.some((keyId) => keyId.endsWith('_away'))) return { ok: false, failure: { code: 'service_unavailable' } }
      const valid = keyIds.filter((keyId) => !keyId.endsWith('_revoked'))
      return { ok: true, value: valid.map((keyId) => ({ keyId, scopes: scopesOf(keyId) })) }
    }
  }
  export class OrdersService extends WorkerEntrypoint {
    areOrderTokens(tokens) { return { ok: true, value: tokens.map(({ tokenHash }) => !tokenHash.endsWith('_ended')) } }
  }
  export class RevocationObject extends DurableObject {
    end(id) { this.ctx.storage.kv.put(id, true) }
    isEnded(id) {
      if (this.ctx.storage.kv.get('away')) throw new Error('Away')
      return id.endsWith('_ended') || this.ctx.storage.kv.get(id) === true
    }
  }
  export default {}`

/** The objects of topics, in workerd. They ask other workers only whether access has ended. */
export default defineConfig({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: './wrangler.toml' },
      miniflare: {
        bindings: {
          NOTIFICATIONS_DATABASE_URL: 'postgres://notifications_service@127.0.0.1:1/postgres',
          MAIL_ADDRESS_SECRET: 'a secret of at least thirty-two characters',
        },
        serviceBindings: {
          USERS: { name: 'shop-users', entrypoint: 'UsersService' },
          ORDERS: { name: 'shop-users', entrypoint: 'OrdersService' },
          ...{ CATALOG: unavailable, PAYMENTS: unavailable },
        },
        workers: [
          {
            name: 'shop-users',
            compatibilityDate: '2026-10-15',
            modules: [{ type: 'ESModule', path: 'index.mjs', contents: AUTHORITIES }],
            durableObjects: { REVOCATIONS: { className: 'RevocationObject', useSQLite: true } },
          },
        ],
      },
    }),
  ],
  // The first test waits for the worker to be loaded.
  test: { name: 'live', include: ['test/live/**/*.test.ts'], testTimeout: 30_000 },
})
