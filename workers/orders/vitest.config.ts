import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** The object of a cart, in workerd. It asks nobody, so nothing stands for the catalog and the queue. */
export default defineConfig({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: './wrangler.toml' },
      miniflare: {
        bindings: {
          ORDERS_DATABASE_URL: 'postgres://orders_service@127.0.0.1:1/postgres',
          ORDER_TOKEN_SECRET: 'a secret of at least thirty-two characters',
        },
        serviceBindings: { CATALOG: () => new Response(null, { status: 503 }) },
      },
    }),
  ],
  // The first test waits for the worker to be loaded.
  test: { name: 'carts', include: ['test/carts/**/*.test.ts'], testTimeout: 30_000 },
})
