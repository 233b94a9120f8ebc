import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

const unavailable = () => new Response(null, { status: 503 })

/** Stands for the users worker: a session has ended when its id says so, or once a test has ended it. `away` does not answer. */
const REVOCATIONS = `
  import { DurableObject } from 'cloudflare:workers'
  export class RevocationObject extends DurableObject {
    end(id) { this.ctx.storage.kv.put(id, true) }
    isEnded(id) {
      if (this.ctx.storage.kv.get('away')) throw new Error('Away')
      return id.endsWith('_ended') || this.ctx.storage.kv.get(id) === true
    }
  }
  export default {}`

/** The objects of topics, in workerd. They ask no worker but for revocations. */
export default defineConfig({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: './wrangler.toml' },
      miniflare: {
        bindings: {
          NOTIFICATIONS_DATABASE_URL: 'postgres://notifications_service@127.0.0.1:1/postgres',
          MAIL_ADDRESS_SECRET: 'a secret of at least thirty-two characters',
        },
        serviceBindings: { USERS: unavailable, CATALOG: unavailable, ORDERS: unavailable, PAYMENTS: unavailable },
        workers: [
          {
            name: 'shop-users',
            compatibilityDate: '2026-10-15',
            modules: [{ type: 'ESModule', path: 'index.mjs', contents: REVOCATIONS }],
            durableObjects: { REVOCATIONS: { className: 'RevocationObject', useSQLite: true } },
          },
        ],
      },
    }),
  ],
  // The first test waits for the worker to be loaded.
  test: { name: 'live', include: ['test/live/**/*.test.ts'], testTimeout: 30_000 },
})
